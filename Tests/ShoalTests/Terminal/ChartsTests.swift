import Testing

@testable import shoal

@Suite struct ChartsTests {
    @Test func `a sparkline runs from the smallest to the largest value`() {
        #expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8]) == "▁▂▃▄▅▆▇█")
        #expect(sparkline([5, 5, 5]) == "▁▁▁")
        #expect(sparkline([]) == "")
        #expect(sparkline([Int.min, 0, Int.max]).count == 3)
    }

    @Test func `a bar is filled in eighths`() {
        #expect(bar(0, width: 4) == "")
        #expect(bar(0.5, width: 4) == "██")
        #expect(bar(1, width: 4) == "████")
        #expect(bar(7, width: 2) == "██")
        #expect(bar(0.28125, width: 4) == "█▏")
    }

    @Test func `a column chart shows scale, columns and the ends of its time`() {
        let chart = ColumnChart(
            values: [0, 1, 2, 4], firstLabel: "1 Jan", lastLabel: "31 Jan", height: 4, columnWidth: 3)
        #expect(
            chart.text() == """
                4 │         ███
                  │         ███
                2 │      ██████
                  │   █████████
                0 └────────────
                   1 Jan  31 Jan

                """)
    }

    @Test func `a chart of nothing is nothing`() {
        #expect(ColumnChart(values: [0, 0], firstLabel: "a", lastLabel: "b").text() == "")
        #expect(ColumnChart(values: [], firstLabel: "a", lastLabel: "b").text() == "")
    }
}

@Suite struct ProgressMeterTests {
    @Test func `a terminal gets a bar with rate and time left`() {
        var meter = ProgressMeter(label: "orders.csv", unit: "rows", medium: .terminal(width: 100))
        let outputA = meter.update(done: 0, fraction: 0, at: 1_000)
        #expect(outputA == nil)
        let line = meter.update(done: 5_000, fraction: 0.25, at: 3_000)
        #expect(
            line == "\r\u{1B}[2Korders.csv  ███████▌                        25 %, 5,000 rows, 2,500 rows/s, 6 s left")
        let outputB = meter.update(done: 5_001, fraction: 0.25, at: 3_050)
        #expect(outputB == nil)
        #expect(meter.clearing == "\r\u{1B}[2K")
    }

    @Test func `a log gets a plain line every ten seconds`() {
        var meter = ProgressMeter(label: "orders.csv", unit: "rows", medium: .log)
        let outputC = meter.update(done: 0, fraction: 0, at: 0)
        #expect(outputC == nil)
        let outputD = meter.update(done: 9, fraction: 0.1, at: 9_999)
        #expect(outputD == nil)
        let outputE = meter.update(done: 100, fraction: 0.5, at: 10_000)
        #expect(outputE == "orders.csv: 50 %, 100 rows, 10 rows/s, 10 s left\n")
        let outputF = meter.update(done: 110, fraction: 0.6, at: 15_000)
        #expect(outputF == nil)
        #expect(meter.clearing == "")
    }

    @Test func `quick work shows nothing`() {
        var meter = ProgressMeter(label: "a", unit: "rows", medium: .terminal(width: 80))
        let outputG = meter.update(done: 0, fraction: 0, at: 0)
        #expect(outputG == nil)
        let outputH = meter.update(done: 10, fraction: 1, at: 200)
        #expect(outputH == nil)
        #expect(meter.clearing == "")
    }
}
