import Columns
import EventModel
import Testing

@testable import EventStore

@Suite struct RowBlockEncoderTests {
    /// A reader puts runs into the order of its codes and leaves the rows where they are; a merge may write that again.
    @Test func `runs are stored in the order of their rows, whatever their codes`() throws {
        let block = HistoryBlock(
            profileNumbers: [7], profileIDs: ["ann"], firstTimes: [10], lastTimes: [30],
            eventNames: ["$identify", "Product Viewed", "Order Completed"], runOffsets: [0, 2],
            runs: [HistoryBlock.Run(name: 1, start: 2, end: 3), HistoryBlock.Run(name: 2, start: 0, end: 2)],
            times: [10, 20, 30], arrivals: [1, 2, 3], flags: [0, 0, 0], itemOffsets: [0, 0, 0, 0], columns: [:])
        var names = PartNames()
        let chunks = RowBlockEncoder.chunks(of: block, names: &names, identifierOfArrival: [:])
        let runs = try #require(chunks.first { $0.kind == .runs })
        let (codes, lengths) = try runs.bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            return (
                try IntegerChunk(&reader, atMost: 2).values(), try IntegerChunk(&reader, atMost: 2).values()
            )
        }
        #expect(codes == [2, 1])
        #expect(lengths == [2, 1])
    }
}
