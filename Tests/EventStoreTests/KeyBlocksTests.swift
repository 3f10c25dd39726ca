import Columns
import EventModel
import Synchronization
import TestSupport
import Testing

@testable import EventStore

@Suite struct KeyBlocksTests {
    /// The keys of these two ids of the source "shop" begin with the same 40 bits, d4485690db, more than a part keeps.
    private static let alike: [Text] = ["message-2835868", "message-3118447"]

    private func track(_ id: Text) throws -> Message {
        let json =
            "{\"type\":\"track\",\"event\":\"A\",\"userId\":\"u\",\"messageId\":\"\(id)\","
            + "\"timestamp\":\"2026-01-01T00:00:00Z\"}"
        return try MessageDecoder(options: .file).decode(
            Array(json.utf8), receivedAt: Timestamp(milliseconds: 1_800_000_000_000))
    }

    @Test func `ids whose keys begin alike are two messages, and each is known again`() throws {
        let keys = Self.alike.map { DedupKey(source: "shop", messageID: $0) }
        #expect(KeyBlocks.prefix(of: keys[0]) == KeyBlocks.prefix(of: keys[1]))
        #expect(keys[0] != keys[1])
        let store = try EventStore.open(
            directory: "/data/shop", mode: .createIfMissing, disk: SimulatedDisk())
        #expect(try store.append([track(Self.alike[0])], source: "shop") == [.accepted])
        try store.seal()
        #expect(try store.append([track(Self.alike[1])], source: "shop") == [.accepted])
        #expect(try store.append([track(Self.alike[0])], source: "shop") == [.duplicate])
        #expect(try store.append([track(Self.alike[0])], source: "another") == [.accepted])
        try store.seal()
        try store.compactIfNeeded(minimumParts: 2)
        let again = try store.append(Self.alike.map { try track($0) }, source: "shop")
        #expect(again == [.duplicate, .duplicate])
        #expect(try store.verify().problems == [])
        try store.close()
    }

    @Test(arguments: 0..<20) func `staged messages that are stored are found by a walk and by lookups`(seed: UInt64)
        throws
    {
        var random = SeededRandom(seed: seed)
        let store = try EventStore.open(
            directory: "/data/shop", mode: .createIfMissing, disk: SimulatedDisk())
        let stored = (0..<random.int(below: 400)).map { _ in Text("id-\(random.int(below: 600))") } + [Self.alike[0]]
        _ = try store.append(stored.map { try track($0) }, source: "shop")
        try store.seal()
        let part = try #require(try store.snapshot().assembler.parts.first)
        var staged = StagedKeys()
        var expected: [Int] = []
        let first = random.int(below: 5)
        for message in 0..<300 {
            let id = message == 7 ? Self.alike[Int(seed % 2)] : Text("id-\(random.int(below: 600))")
            staged.append(DedupKey(source: "shop", messageID: id))
            if stored.contains(id), message >= first { expected.append(message) }
        }
        let order = KeyOrder(staged)
        #expect(try part.messagesByWalk(in: order, of: staged, from: first).sorted() == expected)
        #expect(try part.messagesByLookup(in: order, of: staged, from: first).sorted() == expected)
        #expect(try part.messages(in: order, of: staged, from: first).sorted() == expected)
        // With what an import knows of its own parts besides, the same are found, and only those are looked at.
        var own = StagedKeys()
        for id in Set(stored) { own.append(DedupKey(source: "shop", messageID: id)) }
        part.keep(KeyTails(of: KeyOrder(own), own), beside: [])
        #expect(part.keyTails.withLock { $0 != nil })
        #expect(try part.messagesByWalk(in: order, of: staged, from: first).sorted() == expected)
        if seed % 2 == 1 { #expect(try !part.candidates(of: order, staged, from: 0).contains(7)) }
        part.forgetKeyTails()
        if seed % 2 == 1 { #expect(try part.candidates(of: order, staged, from: 0).contains(7)) }
        try store.close()
    }

    @Test func `equal prefixes on both sides of a block's end are all found`() throws {
        let entries = (0..<PartFormat.keysPerBlock).map { KeyBlocks.Entry(prefix: UInt64($0 / 3), frame: $0 % 7) }
        let chunks = KeyBlocks.chunks(of: entries)
        try chunks[0].bytes.withUnsafeBytes { prefixes in
            try chunks[1].bytes.withUnsafeBytes { frames in
                let keys = try KeyBlocks(.gaps, prefixes, frames: frames, count: entries.count)
                #expect(try keys.entries() == entries)
                for prefix in 0..<UInt64(entries.count / 3) {
                    let expected = entries.filter { $0.prefix == prefix }.map(\.frame)
                    #expect(try keys.frames(of: prefix).frames == expected)
                }
                #expect(try keys.frames(of: 5).mayGoOn == false)
                #expect(try keys.frames(of: UInt64((entries.count - 1) / 3)).mayGoOn)
                #expect(try keys.frames(of: 1 << 37).frames == [])
            }
        }
    }

    @Test(arguments: 0..<30) func `keys come back as they were, however far apart they lie`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let count = seed == 0 ? 1 : 1 + random.int(below: PartFormat.keysPerBlock)
        let limit = 1 << (1 + random.int(below: KeyBlocks.prefixBits))
        let entries = (0..<count).map { _ in
            // Some lie far from all others.
            KeyBlocks.Entry(
                prefix: UInt64(random.int(below: random.int(below: 50) == 0 ? 1 << KeyBlocks.prefixBits : limit)),
                frame: random.int(below: 3_000))
        }.sorted()
        let chunks = KeyBlocks.chunks(of: entries)
        try chunks[1].bytes.withUnsafeBytes { frames in
            let back = try chunks[0].bytes.withUnsafeBytes { prefixes in
                try KeyBlocks(.gaps, prefixes, frames: frames, count: count).entries()
            }
            #expect(back == entries)
            // As parts of older formats have them.
            var (header, groups): ([UInt8], [UInt8]) = ([], [])
            for start in stride(from: 0, to: count, by: 256) {
                let group = entries[start..<min(start + 256, count)].map(\.prefix)
                let before = groups.count
                PatchedFrames.append(zip(group.dropFirst(), group).map { $0 - $1 }, to: &groups)
                header.appendLittleEndian(group[0])
                header.appendLittleEndian(UInt32(groups.count - before))
            }
            let older = try (header + groups).withUnsafeBytes { prefixes in
                try KeyBlocks(.frames, prefixes, frames: frames, count: count).entries()
            }
            #expect(older == entries)
            for _ in 0..<50 {
                var damaged = chunks[0].bytes
                damaged[random.int(below: damaged.count)] = UInt8(random.int(below: 256))
                let read = damaged.withUnsafeBytes { prefixes in
                    try? KeyBlocks(.gaps, prefixes, frames: frames, count: count).entries()
                }
                #expect(read == nil || read?.count == count)
            }
        }
    }

    @Test(
        arguments: [
            ("{\"messageId\":\"a\"}", "a"),
            ("{\"properties\":{\"messageId\":\"inner\"},\"messageId\" : \"outer\"}", "outer"),
            ("{\"list\":[{\"messageId\":\"x\"},\"messageId\"],\"event\":\"messageId\",\"messageId\":\"y\"}", "y"),
            ("{\"a\":\"\\\\\\\"\",\"messageId\":\"after a quotation mark\"}", "after a quotation mark"),
            ("{\"properties\":{\"messageId\":\"inner\"}}", nil),
            ("{\"messageId\":7}", nil), ("{\"messageId\":\"a\\u0062\"}", nil), ("{\"message\\u0049d\":\"a\"}", nil),
            ("{\"messageId\":\"", nil), ("{\"messageId\"", nil), ("{\"a\\", nil), ("", nil), ("]]}", nil),
        ] as [(String, String?)])
    func `an id is found only where it plainly stands`(json: String, id: String?) {
        let found = Array(json.utf8).withUnsafeBytes { MessageIDReader.messageID($0) }
        #expect(found == id.map { Text($0) })
    }
}
