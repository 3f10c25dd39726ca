package import EventModel
package import SegmentEngine
package import SegmentLanguage

/// The grid of recency, frequency and monetary quintiles: how many profiles stand in each cell, and what they brought.
///
/// A score is the quintile of the language, 1 to 5, 5 the most recent, the most orders, the most revenue; who has no
/// value of one of the measures has no score and stands in no cell.
package struct RFMQuery: Sendable {
    package enum Measure: String, Sendable, CaseIterable {
        case recency, frequency, monetary
    }

    package let measures: RFMMeasures
    /// Segments of the measures' program whose sizes and revenue are told beside the grid, such as the named cells.
    package let groups: [Text]

    package init(_ measures: RFMMeasures, groups: [Text] = []) {
        self.measures = measures
        self.groups = groups
    }

    package struct Answer: Sendable, Equatable {
        /// Those that have members, by recency, frequency, monetary score ascending.
        package let cells: [Cell]
        /// By measure, then score ascending: five each, fewer where nobody has a score.
        package let scores: [Score]
        /// In the order they were asked for.
        package let groups: [Group]
        /// How many stand in the grid.
        package let profiles: Int
        /// Members of the population that lack a measure.
        package let unscored: Int
        /// The exact sum of the monetary measure over the grid; nil when out of range.
        package let revenue: Decimal128?
    }

    package struct Cell: Sendable, Equatable {
        /// 1 to 5, 5 the best.
        package let recency: Int
        package let frequency: Int
        package let monetary: Int
        package let profiles: Int
        /// The exact sum of the monetary measure; nil when out of range.
        package let revenue: Decimal128?

        /// As it is spoken of: "555".
        package var name: String { "\(recency)\(frequency)\(monetary)" }
    }

    /// What one score of one measure holds.
    package struct Score: Sendable, Equatable {
        package let measure: Measure
        package let score: Int
        package let profiles: Int
        package let lowest: SegmentEngine.Value
        package let highest: SegmentEngine.Value
        /// Half-even at 34 digits, of times to the millisecond.
        package let average: SegmentEngine.Value
    }

    package struct Group: Sendable, Equatable {
        package let name: Text
        package let title: Text?
        /// Of those in the grid.
        package let profiles: Int
        package let revenue: Decimal128?
    }

    /// Complexity: O(rows that the measures need), and sorting the population by each.
    @concurrent
    package func answer(from input: ReportInput) async throws -> Answer {
        let known = groups.filter { measures.program[$0]?.condition != nil }
        let metrics = Measure.allCases.map { measures.metric($0) }
        let names = Set(Self.scored.map { Self.segment($0.measure, $0.score) }).union(metrics).union(known)
            .union(measures.population.map { [$0] } ?? [])
        let result = try await input.evaluate(program, names)
        return RFMTally(result, self, among: input.members).answer(groups: known)
    }

    /// The measures' program with a segment for each score.
    private var program: Program {
        let scores = Self.scored.map { measure, score in
            Definition(name: Self.segment(measure, score), body: .segment(measures.condition(measure, score: score)))
        }
        return Program(inDependencyOrder: measures.program.definitions + scores)
    }

    static let scored = Measure.allCases.flatMap { measure in (1...5).map { (measure: measure, score: $0) } }

    /// No name that a file can have.
    static func segment(_ measure: Measure, _ score: Int) -> Text { Text("$\(measure.rawValue)_\(score)") }

    // MARK: - As segments

    /// The profiles with these scores, as definitions to talk to: what the measures need of their own, then the segment.
    ///
    /// - Parameters: nil: any score. Without any score it is everybody in the grid.
    package func definitions(
        recency: Int? = nil, frequency: Int? = nil, monetary: Int? = nil, named name: Text
    ) -> [Definition] {
        let given = [(Measure.recency, recency), (.frequency, frequency), (.monetary, monetary)]
        // Who lacks a measure is in no cell, also of those that do not ask for it.
        let terms = given.map { measure, score in
            score.map { measures.condition(measure, score: $0) }
                ?? Condition(.or((1...5).map { measures.condition(measure, score: $0) }))
        }
        let title = given.compactMap { measure, score in score.map { "\(measure.rawValue) \($0)" } }
        let segment = Definition(
            name: name, title: title.isEmpty ? "RFM" : Text("RFM: " + title.joined(separator: ", ")),
            body: .segment(Condition(.and(terms))))
        return measures.own + [segment]
    }
}
