import EventModel
import Testing
import TestSupport

@testable import Connectors

/// The shared data sets, by the figures they are known to have.
@Suite(.enabled(if: sharedFolder != nil, "the shared folder is absent")) struct RealDataTests {
    private func path(_ name: String) throws -> String { try #require(sharedPath("data/" + name), "\(name) is absent") }

    @Test func `the CDNOW sample is 6919 orders of 2357 customers, and stays so`() async throws {
        let sink = MemorySink()
        let summary = try await runImport(try path("cdnow/cdnow_sample.csv"), into: sink)
        #expect(summary.rows == 6919)
        #expect(summary.rejectedRows == 0)
        #expect(summary.orders == 6919)
        #expect(sink.events("Order Completed").count == 6919)
        #expect(sink.profiles.count == 2357)
        let again = try await runImport(try path("cdnow/cdnow_sample.csv"), into: sink)
        #expect(again.taken == 0 && again.duplicates == 6919)
    }

    @Test func `the clickstream is 31106 events, and stays so`() async throws {
        let sink = MemorySink()
        let summary = try await runImport(try path("clickstream/ecom.csv.gz"), into: sink)
        #expect(summary.rows == 31_106 && summary.taken == 31_106)
        #expect(sink.messages.count == 31_106)
        #expect(sink.events("Product Viewed").count == 6_851)
        #expect(sink.events("Product Added").count == 1_346)
        #expect(sink.events("Order Completed").count == 470)
        #expect(sink.events("support_chat").count == 277)
        let again = try await runImport(try path("clickstream/ecom.csv.gz"), into: sink)
        #expect(again.taken == 0 && again.duplicates == 31_106)
    }

    @Test func `the last quarter of the Complete Journey is 39144 orders`() async throws {
        let sink = MemorySink()
        let file = try path("complete-journey/transactions-2017-oct-dec.csv.gz")
        let summary = try await runImport(file, into: sink)
        #expect(summary.rows == 374_126)
        #expect(summary.rejectedRows == 0)
        #expect(summary.orders == 39_144)
        #expect(sink.events("Order Completed").count == 39_144)
        #expect(summary.revenue == Decimal128(jsonNumber: "1196730.91"))
        #expect(sink.sum("revenue", of: "Order Completed") == summary.revenue)
    }
}
