import EventModel
import Foundation
import Testing

@testable import shoal

@Suite struct InterruptionTests {
    /// Enough orders for an import to be under way when the signal comes.
    private static func orders(_ count: Int) -> String {
        var text = "customer_id,order_id,date,amount\n"
        for number in 0..<count { text += "c\(number % 997),\(number),2026-01-01 10:00:\(10 + number % 50),1.00\n" }
        return text
    }

    @Test func `an import that is interrupted goes on when it is run again`() throws {
        let folder = try Program.Folder()
        let count = 20_000
        try folder.write(Self.orders(count), to: "orders.csv")
        let interrupted = try Program.run(["import", "orders.csv", "--json"], in: folder, interruptAfter: 1.5)
        if interrupted.status == 130 {
            #expect(interrupted.errors.contains("the same command again goes on from there"))
            #expect(interrupted.json?.object?["files"]?.elements?.first?.object?["outcome"] == "interrupted")
        }
        let again = try Program.run("import", "orders.csv", "--json", in: folder)
        #expect(again.status == 0, "\(again.errors)")
        let first = interrupted.json?.object?["files"]?.elements?.first?.object?["stored"]?.decimal?.asInt() ?? 0
        let second = again.json?.object?["files"]?.elements?.first?.object?["stored"]?.decimal?.asInt() ?? 0
        #expect(first + second == count)
        #expect(try Program.run("info", "--json", in: folder).json?.object?["messages"]?.decimal?.asInt() == count)
    }
}
