import Columns
import EventModel

/// A person as bytes: which ids there are, and the ids one after the other, each but the last with its length before it.
enum PersonKey {
    enum Tag {
        static let user: UInt8 = 1
        static let anonymous: UInt8 = 2
        static let previous: UInt8 = 4
        static let alias: UInt8 = 8
    }

    /// The tag of a person; the bytes are appended.
    static func append(_ person: MessageStage.Person, to bytes: inout [UInt8]) -> UInt8 {
        var tag: UInt8 = person.isAlias ? Tag.alias : 0
        var ids: [Text] = []
        if let id = person.userID {
            tag |= Tag.user
            ids.append(id)
        }
        if let id = person.anonymousID {
            tag |= Tag.anonymous
            ids.append(id)
        }
        if let id = person.previousID {
            tag |= Tag.previous
            ids.append(id)
        }
        for (index, id) in ids.enumerated() {
            id.withBytes { id in
                if index < ids.count - 1 { bytes.appendLittleEndian(UInt32(id.count)) }
                bytes.append(contentsOf: id)
            }
        }
        return tag
    }

    /// A hash of the id of a person's profile as the person's own message tells it; of keys that have one.
    static func profileHash(_ key: ArraySlice<UInt8>) -> UInt64 {
        if key.first == Tag.user { return key.dropFirst().withUnsafeBufferPointer { QuickHash.hash($0) } }
        let person = person(key)
        return (person.userID ?? person.anonymousID)?.withBytes { QuickHash.hash($0) } ?? 0
    }

    /// The person of a key, its tag first.
    static func person(_ key: ArraySlice<UInt8>) -> MessageStage.Person {
        let tag = key.first ?? 0
        var rest = key.dropFirst()
        var missing = (tag & (Tag.user | Tag.anonymous | Tag.previous)).nonzeroBitCount
        func next() -> Text {
            missing -= 1
            var length = rest.count
            if missing > 0 {
                length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(4)
            }
            defer { rest = rest.dropFirst(length) }
            return Text(String(decoding: rest.prefix(length), as: UTF8.self))
        }
        let userID = tag & Tag.user != 0 ? next() : nil
        let anonymousID = tag & Tag.anonymous != 0 ? next() : nil
        let previousID = tag & Tag.previous != 0 ? next() : nil
        return MessageStage.Person(
            userID: userID, anonymousID: anonymousID, previousID: previousID, isAlias: tag & Tag.alias != 0)
    }
}
