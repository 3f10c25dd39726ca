package import EventModel
package import SegmentLanguage

/// What an RFM grid scores profiles by: three metrics and the segment whose members are ranked.
///
/// The metrics are ranked as the language ranks (section 7), so every cell of the grid is a segment.
package struct RFMMeasures: Sendable {
    /// Checked definitions, the measures among them and all they refer to.
    package let program: Program
    /// Names of metrics; the higher, the higher the score: a recency is the time of the last order, not its age.
    package let recency: Text
    package let frequency: Text
    package let monetary: Text
    /// Name of a segment; nil: everybody who has the metric.
    package let population: Text?
    /// Definitions that no library has: they stand before the definition of a cell.
    package let own: [Definition]

    /// - Parameter program: has the metrics and the segment; nothing is scored by one that it lacks.
    package init(
        _ program: Program, recency: Text, frequency: Text, monetary: Text, of population: Text?,
        own: [Definition] = []
    ) {
        self.program = program
        self.recency = recency
        self.frequency = frequency
        self.monetary = monetary
        self.population = population
        self.own = own
    }

    /// By calendar days with an order that brought something: the last of them, how many, and all revenue.
    ///
    /// Several orders of one day are one purchase, as the literature on customer bases counts them (Fader, Hardie and
    /// Lee 2005, "RFM and CLV"). Needs nothing of the workspace's own definitions.
    package static func byDay(zone: Zone) -> RFMMeasures {
        let (program, _) = Binder.bind([Parser.parse(daysText)], zone: zone)
        return RFMMeasures(
            program, recency: "rfm_last_day", frequency: "rfm_days", monetary: "rfm_revenue", of: "rfm_day_buyers",
            own: program.definitions)
    }

    private static let daysText = """
        segment rfm_day_buyers "RFM by day: whoever bought something": did "Order Completed" where revenue > 0
        metric rfm_last_day "RFM by day: last day with an order":
          date(last("Order Completed" where revenue > 0)) + 0 days
        metric rfm_days "RFM by day: days with an order": days("Order Completed" where revenue > 0)
        metric rfm_revenue "RFM by day: revenue": sum(revenue of "Order Completed")
        """

    /// The metric of a measure.
    package func metric(_ measure: RFMQuery.Measure) -> Text {
        switch measure {
        case .recency: recency
        case .frequency: frequency
        case .monetary: monetary
        }
    }

    func condition(_ measure: RFMQuery.Measure, score: Int) -> Condition {
        Condition(.rank(metric: metric(measure), .quintile(score), of: population))
    }
}
