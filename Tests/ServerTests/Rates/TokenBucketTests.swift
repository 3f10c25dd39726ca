import TestSupport
import Testing

@testable import Server

struct TokenBucketTests {
    private static func subject(_ number: UInt32) throws -> TokenBuckets.Subject {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        return TokenBuckets.Subject(try #require(ClientAddress(bytes)))
    }

    @Test func `a bucket gives what fits into it at once, then its rate`() throws {
        var buckets = TokenBuckets(rate: 10, burstSeconds: 2, subjectsMax: 8)
        let one = try Self.subject(1)
        func taken(at now: Int64) -> Int {
            var count = 0
            while buckets.wait(one, at: now) == nil {
                buckets.take(1, from: one, at: now)
                count += 1
            }
            return count
        }
        #expect(taken(at: 0) == 20)
        #expect(taken(at: 99) == 0)
        #expect(taken(at: 100) == 1)
        #expect(taken(at: 1_100) == 10)
        #expect(taken(at: 1_000_000) == 20)
        // Set back, the clock neither gives nor takes, and goes on from there.
        #expect(taken(at: 500) == 0)
        #expect(taken(at: 1_500) == 10)
        #expect(buckets.wait(try Self.subject(2), at: 0) == nil)
    }

    @Test func `what is taken beyond the bucket is owed`() throws {
        var buckets = TokenBuckets(rate: 10, burstSeconds: 2, subjectsMax: 8)
        let one = try Self.subject(1)
        buckets.take(520, from: one, at: 0)
        #expect(buckets.wait(one, at: 0) == 51)
        #expect(buckets.wait(one, at: 50_000) == 1)
        #expect(buckets.wait(one, at: 50_100) == nil)
    }

    @Test func `a rate of 0 limits nothing and remembers nobody`() throws {
        var buckets = TokenBuckets(rate: 0, burstSeconds: 2, subjectsMax: 8)
        buckets.take(1_000_000, from: try Self.subject(1), at: 0)
        #expect(buckets.wait(try Self.subject(1), at: 0) == nil)
        #expect(buckets.count == 0)
    }

    @Test func `there are never more buckets than allowed, and those that owe stay longest`() throws {
        var buckets = TokenBuckets(rate: 10, burstSeconds: 2, subjectsMax: 64)
        let debtor = try Self.subject(.max)
        buckets.take(100_000, from: debtor, at: 0)
        for number in 0..<10_000 {
            buckets.take(1 + number % 20, from: try Self.subject(UInt32(number)), at: 0)
            #expect(buckets.count <= 64)
        }
        #expect(buckets.wait(debtor, at: 0) != nil)
        // Even when all of them owe.
        for number in 0..<1_000 {
            buckets.take(100, from: try Self.subject(UInt32(number)), at: 1)
            #expect(buckets.count <= 64)
        }
    }

    @Test func `a client of version 6 is its network, one of version 4 its address, however it is written`() throws {
        func subject(_ text: Substring) throws -> TokenBuckets.Subject {
            TokenBuckets.Subject(try #require(ClientAddress(hop: text)))
        }
        #expect(try subject("2001:db8:1:2::1") == subject("2001:db8:1:2:ffff::"))
        #expect(try subject("2001:db8:1:2::1") != subject("2001:db8:1:3::1"))
        #expect(try subject("192.0.2.1") != subject("192.0.2.2"))
        #expect(try subject("192.0.2.1") == subject("::ffff:192.0.2.1"))
        #expect(try subject("192.0.2.1") != subject("::c000:201"))
    }
}
