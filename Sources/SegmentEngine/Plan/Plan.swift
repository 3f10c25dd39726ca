package import EventModel
package import EventStore
package import SegmentLanguage

/// Definitions compiled for evaluation: shared nodes, and what they need to read.
///
/// Equal parts of different definitions are one node, so their work is done once per profile.
package final class Plan: Sendable {
    enum Body: Sendable {
        case segment(ConditionNode)
        case metric(ValueNode)
    }

    struct Entry: Sendable {
        let definition: Definition
        let body: Body
        /// What messages can change it.
        let interest: Interest
        /// What batch evaluation of it reads, apart from ranks.
        let projection: Projection
    }

    package let program: Program
    package let settings: WorkspaceSettings
    /// What batch evaluation reads.
    package let projection: Projection

    let entries: [Entry]
    /// What messages can change each condition about the profile.
    let interests: [(node: ConditionNode, interest: Interest)]
    /// The same by slot.
    let interestOfSlot: [Int: Interest]
    let patterns: [Pattern]
    let slots: [PathSlot]
    let columnPaths: [PropertyPath]
    let ranks: [RankNode]
    let valueSlots: Int
    let conditionSlots: Int
    /// Sizes of the per-block tables of decided values, by filter leaf.
    let leafCount: Int
    let wellKnown: WellKnownPaths
    /// The pattern of browsing events, which form visits.
    let visitPattern: Pattern

    /// Compiles a checked program.
    package init(_ program: Program, settings: WorkspaceSettings) {
        var builder = PlanBuilder(program: program, settings: settings)
        let entries = builder.compileAll()
        self.program = program
        self.settings = settings
        self.entries = entries
        self.interests = builder.interests
        interestOfSlot = Dictionary(builder.interests.map { ($0.node.slot, $0.interest) }) { first, _ in first }
        self.wellKnown = builder.wellKnown
        self.patterns = builder.patterns
        self.slots = builder.slots
        self.columnPaths = builder.columnPaths
        self.ranks = builder.ranks
        self.valueSlots = builder.valueSlots
        self.conditionSlots = builder.conditionSlots
        self.leafCount = builder.leafCount
        self.projection = entries.reduce(.nothing) { $0.union($1.projection) }
        self.visitPattern = builder.pattern(.visit, asksForRows: false)
    }

    /// The same columns over the rows of all events, so that the profile's next event is known, whatever it is.
    package var projectionForValidity: Projection {
        projection.withAllEvents
    }

    /// Names of the definitions whose answers depend on a rank.
    package var rankedNames: Set<Text> { Set(entries.filter { !$0.ranks.isEmpty }.map(\.definition.name)) }

    /// Names of the segments and metrics, in the order of the program.
    package var names: [Text] { entries.map(\.definition.name) }
}
