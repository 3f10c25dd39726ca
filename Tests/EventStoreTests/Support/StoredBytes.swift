import EventModel
import Foundation

@testable import EventStore

/// Every byte a store keeps, also as it is when inflated: for searching what must not be there.
struct StoredBytes {
    private var contents: [(place: String, bytes: Data)] = []

    /// - Parameter directory: of a store that is closed.
    init(_ directory: String, on disk: any Disk) throws {
        for name in try disk.list(directory) where !["parts", "segments", "rejects"].contains(name) {
            add(name, try disk.contents("\(directory)/\(name)") ?? [])
        }
        for name in try disk.list("\(directory)/parts") {
            let path = "\(directory)/parts/\(name)"
            add(name, try disk.contents(path) ?? [])
            guard let id = StoreID(hexadecimal: name.prefix(32)) else { continue }
            let part = try PartFile(id, path: path, on: disk, workspace: nil, size: nil)
            for entry in part.allBlocks {
                let block = try part.block(entry.place, entry.kind)
                for chunk in block.entries {
                    let inflated = try block.chunk(chunk, check: true)
                    add("\(name), block \(entry.place.number), chunk \(chunk.kind)", inflated.bytes)
                }
            }
            for frame in part.index.frames.indices {
                for record in try part.records(frame) { add("\(name), a message", record.bytes) }
            }
        }
        let store = try EventStore.open(directory: directory, disk: disk)
        for entry in try store.database.journal() {
            for record in JournalBody.records(entry.body, workspace: store.workspace) ?? [] {
                add("the journal", record.bytes)
            }
        }
        try store.close()
    }

    /// Where some text stands, in whatever case.
    func places(of text: String) -> [String] {
        let word = Data(text.utf8.map(Self.lowercased))
        return contents.filter { $0.bytes.range(of: word) != nil }.map(\.place)
    }

    private mutating func add(_ place: String, _ bytes: some Sequence<UInt8>) {
        contents.append((place, Data(bytes.map(Self.lowercased))))
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }
}
