import Columns
import EventModel
import Testing

@testable import EventStore

@Suite struct RowBlockEncoderTests {
    @Test func `sections are stored in the order of their rows, whatever their codes`() throws {
        let block = HistoryBlock(
            profileNumbers: [7], profileIDs: ["ann"], firstTimes: [10], lastTimes: [30],
            eventNames: ["$identify", "Product Viewed", "Order Completed"],
            sections: [
                HistoryBlock.Section(name: 2, profiles: [0], starts: [0, 2]),
                HistoryBlock.Section(name: 1, profiles: [0], starts: [2, 3]),
            ],
            times: [10, 20, 30], arrivals: [1, 2, 3], flags: [0, 0, 0], itemOffsets: [0, 0, 0, 0], columns: [:])
        var names = PartNames()
        _ = names.code(ofEvent: "Product Viewed")
        let chunks = RowBlockEncoder.chunks(of: block, names: &names, identifierOfArrival: [:])
        let sections = try #require(chunks.first { $0.kind == .sections })
        let codes = try sections.bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            return try IntegerChunk(&reader, atMost: 2).values()
        }
        #expect(codes == [2, 1])
    }
}
