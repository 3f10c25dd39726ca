import DemoStore
import EventModel
import Testing

/// A written store, kept whole.
struct WrittenStore {
    var chunks: [[UInt8]] = []
    var products: [UInt8] = []
    var summary = DemoStoreGenerator.Summary()

    init(seed: UInt64 = 7, profiles: Int, targetEvents: Int? = nil) throws {
        let generator = DemoStoreGenerator(
            seed: seed, profiles: profiles, targetEvents: targetEvents, endingAt: try #require(Self.end),
            zone: try #require(Self.zone))
        var chunks: [[UInt8]] = []
        var products: [UInt8] = []
        summary = generator.write(
            events: { (chunk: [UInt8]) in chunks.append(chunk) }, products: { (chunk: [UInt8]) in products += chunk })
        self.chunks = chunks
        self.products = products
    }

    static let zone = Zone(identifier: "Europe/Berlin")
    static let end = Timestamp(iso8601: "2026-11-01T12:00:00Z", zone: .utc)

    var events: [UInt8] { chunks.reduce(into: []) { $0 += $1 } }

    /// The messages as they were written.
    var lines: [String] {
        String(decoding: events, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The messages in the order of arrival, repeated ones left out.
    func messages() throws -> [Message] {
        let decoder = MessageDecoder()
        let received = try #require(Self.end)
        var seen: Set<Text> = []
        return try lines.compactMap { line in
            let message = try decoder.decode(Array(line.utf8), receivedAt: received)
            return seen.insert(message.messageID).inserted ? message : nil
        }
    }
}

struct DemoStoreGeneratorTests {
    @Test func `the same seed makes the same bytes`() throws {
        let first = try WrittenStore(profiles: 300)
        let second = try WrittenStore(profiles: 300)
        #expect(first.events == second.events)
        #expect(first.products == second.products)
        #expect(first.summary == second.summary)
    }

    @Test func `another seed makes another store`() throws {
        let first = try WrittenStore(seed: 1, profiles: 50)
        let second = try WrittenStore(seed: 2, profiles: 50)
        #expect(first.events != second.events)
        #expect(first.products != second.products)
    }

    @Test func `the store of a seed is known byte for byte`() throws {
        // Changes whenever a store made from a seed changes, which should be rare and on purpose.
        let store = try WrittenStore(seed: 1, profiles: 100)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in store.products + store.events { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        #expect(hash == 13_299_216_817_483_756_722)
    }

    @Test func `a chunk holds whole lines`() throws {
        let store = try WrittenStore(profiles: 200)
        #expect(store.chunks.count > 100)
        for chunk in store.chunks {
            #expect(chunk.last == UInt8(ascii: "\n"))
            #expect(chunk.count < 320_000)
        }
    }

    @Test func `a store without anything asked for has 20,000 profiles and 300,000 events`() throws {
        let generator = DemoStoreGenerator(
            seed: 1, endingAt: try #require(WrittenStore.end), zone: try #require(WrittenStore.zone))
        var bytes = 0
        let summary = generator.write(
            events: { (chunk: [UInt8]) in bytes += chunk.count }, products: { (_: [UInt8]) in })
        #expect(summary.shoppers >= 20_000)
        #expect(bytes > 200 * summary.messages)
        #expect(summary.messages - summary.duplicates >= 300_000)
    }

    @Test(arguments: [(400, 3_200), (400, 20_000), (3_200, 30_000)])
    func `a wanted number of events is met within five percent`(profiles: Int, events: Int) throws {
        let store = try WrittenStore(profiles: profiles, targetEvents: events)
        #expect(abs(store.summary.messages - events) * 20 <= events, "\(store.summary.messages) messages")
    }

    @Test func `one shopper is a store`() throws {
        let store = try WrittenStore(profiles: 1)
        #expect(store.summary.messages >= 1)
        #expect(try !store.messages().isEmpty)
    }

    @Test(arguments: [Int64.min, -62_135_596_800_000, 0, 253_402_300_799_999, Int64.max])
    func `any end makes a store`(milliseconds: Int64) throws {
        let generator = DemoStoreGenerator(
            seed: 1, profiles: 20, endingAt: Timestamp(milliseconds: milliseconds),
            zone: try #require(WrittenStore.zone))
        var bytes = 0
        _ = generator.write(events: { (chunk: [UInt8]) in bytes += chunk.count }, products: { (_: [UInt8]) in })
        #expect(bytes > 0)
    }
}
