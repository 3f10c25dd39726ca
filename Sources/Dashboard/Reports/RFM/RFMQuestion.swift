package import Analytics
package import EventModel
import SegmentEngine
package import SegmentLanguage

/// What the page of RFM is asked for.
package struct RFMQuestion: Hashable, Sendable {
    /// What purchases are counted by.
    package enum Purchases: String, Sendable, CaseIterable {
        /// Orders, by the metrics of the ready segments.
        case orders
        /// Calendar days with an order.
        case days
    }

    /// What the colours of the grid show.
    package enum Colours: String, Sendable, CaseIterable {
        case people, revenue
    }

    package let purchases: Purchases
    /// Only its members are shown; everybody is ranked.
    package let segment: Text?

    /// - Parameter fields: what is wrong is noted there.
    /// - Returns: nil when something is wrong.
    package init?(_ fields: inout ReportFields, segments: [SegmentName]) {
        purchases = fields.choice("purchases", usual: .orders)
        _ = fields.choice("colours", usual: Colours.people)
        segment = fields.segment("segment", among: segments)
        guard fields.wrong.isEmpty else { return nil }
    }

    private static let metrics: [Text] = ["rfm_recency", "rfm_frequency", "rfm_monetary"]
    private static let population: Text = "buyers"

    /// The query over the store's own metrics; nil when they are asked for and are not there.
    package func query(_ program: Program, zone: Zone) -> RFMQuery? {
        if purchases == .days { return RFMQuery(.byDay(zone: zone)) }
        guard Self.metrics.allSatisfy({ program[$0]?.value != nil }), program[Self.population]?.condition != nil else {
            return nil
        }
        let named = ReadySegments.entries.filter { $0.kind == .segment && $0.file == "rfm.shoal" }
            .map { Text($0.name) }.filter { program[$0]?.condition != nil }
        let measures = RFMMeasures(
            program.selecting(Self.metrics + [Self.population] + named), recency: Self.metrics[0],
            frequency: Self.metrics[1], monetary: Self.metrics[2], of: Self.population)
        return RFMQuery(measures, groups: named)
    }

    /// The people of a cell of the grid as definitions to keep; the segment is the last of them.
    package static func definitions(
        of query: RFMQuery, recency: Int, frequency: Int, taken: (Text) -> Bool
    ) -> [Definition] {
        let base = "rfm_cell_\(recency)\(frequency)"
        let name = (0...).lazy.map { Text($0 == 0 ? base : "\(base)_\($0 + 1)") }.first { !taken($0) } ?? Text(base)
        return query.definitions(recency: recency, frequency: frequency, named: name)
    }
}

/// What the page of RFM shows.
package struct RFMFacts: Sendable {
    package let query: RFMQuery
    package let answer: RFMQuery.Answer

    package init(query: RFMQuery, answer: RFMQuery.Answer) {
        self.query = query
        self.answer = answer
    }
}

/// The store lacks the metrics that the grid ranks by.
package struct RFMMetricsMissing: Error {
    package init() {}
}
