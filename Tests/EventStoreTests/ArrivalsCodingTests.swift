import Columns
import EventModel
import TestSupport
import Testing

@testable import EventStore

@Suite struct ArrivalsCodingTests {
    @Test(arguments: 0..<40) func `arrivals come back, and knowing their order changes no byte`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let count = random.int(below: 600)
        let isSorted = random.int(below: 2) == 0
        // In the order of arrival; some times occur more than once.
        var arrival: UInt64 = 0
        var time: Int64 = 0
        var messages: [(arrival: UInt64, time: Int64)] = []
        for _ in 0..<count {
            arrival += UInt64(1 + random.int(below: 40))
            time += Int64(random.int(below: 3)) - (isSorted ? 0 : Int64(random.int(below: 2)))
            messages.append((arrival, time))
        }
        var rows = Array(0..<count)
        for place in rows.indices.reversed() where place > 0 { rows.swapAt(place, random.int(below: place + 1)) }
        var byArrival = [UInt32](repeating: 0, count: count)
        for (row, message) in rows.enumerated() { byArrival[message] = UInt32(row) }
        let arrivals = rows.map { messages[$0].arrival }
        let times = rows.map { messages[$0].time }
        let bytes = ArrivalsCoding.encode(arrivals, times: times)
        #expect(ArrivalsCoding.encode(arrivals, times: times, byArrival: byArrival) == bytes)
        let back = try bytes.withUnsafeBytes {
            try ArrivalsCoding.decode($0, rows: count) { () throws(ColumnError) in times }
        }
        #expect(back == arrivals)
    }

    @Test func `strings get the same codes one by one and many at once`() {
        var random = SeededRandom(seed: 4)
        let strings = (0..<2_000).map { _ in
            Array(repeating: UInt8(random.int(below: 3)), count: random.int(below: 40))
        }
        var (single, many) = (ByteDictionary(), ByteDictionary())
        let expected = strings.map { string in string.withUnsafeBufferPointer { single.code(tag: 2, $0) } }
        let bytes = strings.flatMap { $0 }
        let starts = strings.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        let codes = bytes.withUnsafeBufferPointer { bytes in
            many.codes(tag: 2, count: strings.count) {
                UnsafeBufferPointer(rebasing: bytes[starts[$0]..<starts[$0 + 1]])
            }
        }
        #expect(codes == expected)
    }
}
