import EventModel
import Synchronization

/// The messages of the journal, decoded, in the order of their arrival.
///
/// Only ever appended to; a reader's view is a count. When its messages are sealed into a part a new one begins.
final class Memtable: Sendable {
    private struct State {
        var messages = ChunkedArray<StoredMessage>()
        var positions: [ProfileNumber: [Int]] = [:]
        var bytes = 0
    }

    private let state = Locked(State())

    func append(_ messages: [StoredMessage]) {
        state.withLock { state in
            for message in messages {
                if let identifier = message.identifier {
                    state.positions[identifier, default: []].append(state.messages.count)
                }
                state.messages.append(message)
                state.bytes += message.message.original.count
            }
        }
    }

    var count: Int { state.withLock { $0.messages.count } }

    /// Bytes of the originals.
    var bytes: Int { state.withLock { $0.bytes } }

    /// The messages so far, as they stay.
    func view() -> MemtableView {
        MemtableView(table: self, messages: state.withLock { $0.messages })
    }

    fileprivate func positions(of identifier: ProfileNumber) -> [Int] {
        state.withLock { $0.positions[identifier] ?? [] }
    }
}

/// The messages of a memtable at one moment.
struct MemtableView: Sendable {
    fileprivate let table: Memtable
    let messages: ChunkedArray<StoredMessage>

    var count: Int { messages.count }

    /// The messages that stand under an identifier, in the order of arrival.
    func messages(of identifier: ProfileNumber) -> [StoredMessage] {
        table.positions(of: identifier).prefix { $0 < count }.map { messages[$0] }
    }

    var all: [StoredMessage] { (0..<count).map { messages[$0] } }
}
