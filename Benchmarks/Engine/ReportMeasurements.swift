import Analytics
import Crypto
import EventModel
import EventStore
import Foundation
import SegmentEngine
import SegmentLanguage

extension OpenedStore {
    /// The four reports of the comparison.
    ///
    /// - Parameter only: the names wanted; none means all.
    func reports(only: [String]) async throws -> [String: Figures.Report] {
        let input = ReportInput(snapshot, at: now, workers: threads)
        let views = try query("\"Product Viewed\"")
        let orders = try query("\"Order Completed\"")
        let anything = try query("any event")
        guard let week = DurationLiteral(7, .days) else { throw BenchmarkError("seven days are no length") }
        let funnel = FunnelQuery(
            steps: [views, try query("\"Product Added\""), try query("\"Checkout Started\""), orders], within: week)
        let retention = RetentionQuery(first: anything, returning: anything, unit: .week)
        let daily = TrendQuery([.profiles(anything), .sum(property("revenue"), orders)], by: .day)
        let top = TopQuery(property("product_id"), of: views, by: property("category"), limit: 3)
        let makers: [(String, () async throws -> [[String]])] = [
            ("funnel", { [try await funnel.answer(from: input).reached.map(String.init)] }),
            ("retention", { try await retention.answer(from: input).rows }),
            ("daily", { try await daily.answer(from: input).rows }),
            ("top", { try await top.answer(from: input).rows }),
        ]
        var all: [String: Figures.Report] = [:]
        for (name, make) in makers where only.isEmpty || only.contains(name) { all[name] = try await report(make) }
        return all
    }

    private func report(_ make: () async throws -> [[String]]) async throws -> Figures.Report {
        let (rows, cost) = try await Cost.of(repetitions, make)
        let text = rows.map { $0.joined(separator: ",") }.joined(separator: "\n")
        return Figures.Report(cost: cost, digest: shortDigest(Data(text.utf8)), rows: rows)
    }

    private func query(_ text: String) throws -> EventQuery {
        guard case .did(let query, nil) = Parser.parse("segment s: did \(text)").definitions.first?.condition?.kind
        else {
            throw BenchmarkError("\(text) names no events")
        }
        return query
    }

    private func property(_ name: Text) -> SegmentLanguage.Value {
        SegmentLanguage.Value(.property(PropertyPath(.properties, [name])))
    }
}

/// SHA-256, the first 16 hexadecimal digits.
func shortDigest(_ data: Data) -> String {
    SHA256.hash(data: data).prefix(8).map { String(format: "%02x", $0) }.joined()
}

extension RetentionQuery.Answer {
    /// Number of the week, weeks since, profiles; none where there are no profiles.
    fileprivate var rows: [[String]] {
        cohorts.flatMap { cohort in
            cohort.active.enumerated().filter { $0.element > 0 }.map { offset, count in
                [String(cohort.period), String(offset), String(count)]
            }
        }
    }
}

extension TrendQuery.Answer {
    fileprivate var rows: [[String]] {
        points.map { point in [String(point.period)] + point.values.map { $0?.description ?? "" } }
    }
}

extension TopQuery.Answer {
    fileprivate var rows: [[String]] {
        lists.flatMap { list in
            list.entries.map { [list.group?.string ?? "", $0.value.string, String($0.count)] }
        }
    }
}
