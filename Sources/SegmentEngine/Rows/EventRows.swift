package import Columns
package import EventModel
package import EventStore
package import SegmentLanguage

/// The events that some queries of the language ask for, as rows of blocks: for reports, which walk rows themselves.
///
/// Rows are what definitions see: none after the instant, none that repeats an order; a visit is the row of its first
/// event.
package struct EventRows: Sendable {
    package let settings: WorkspaceSettings
    /// What a block must hold.
    package let projection: Projection
    let plan: Plan
    let queries: [QueryNode]
    let values: [ValueNode]
    /// By value: whether any product of the catalogue has one, so that events that lack it may find it there.
    let isInCatalogue: [Bool]

    /// - Parameters:
    ///   - queries: checked; read by their place.
    ///   - values: of single events (an aggregate's X), with the place of the query over whose events each is read.
    package init(
        _ queries: [EventQuery], values: [(of: SegmentLanguage.Value, query: Int)] = [],
        settings: WorkspaceSettings
    ) {
        // A query is compiled as what counts its events, a value as an aggregate over them: both then share names,
        // filters and columns with the definitions' own compiler.
        let counted = queries.enumerated().map { index, query in
            Definition(
                name: Text("$query\(index)"), body: .metric(SegmentLanguage.Value(.aggregate(.count, of: nil, query))))
        }
        let read = values.enumerated().map { index, value in
            let list = SegmentLanguage.Value.Kind.aggregate(.list, of: value.of, queries[value.query])
            return Definition(name: Text("$value\(index)"), body: .metric(SegmentLanguage.Value(list)))
        }
        let plan = Plan(Program(inDependencyOrder: counted + read), settings: settings)
        let nodes = plan.entries.compactMap { entry -> AggregateNode? in
            guard case .metric(let node as AggregateNode) = entry.body else { return nil }
            return node
        }
        self.plan = plan
        self.settings = settings
        self.queries = nodes.prefix(counted.count).map(\.query)
        self.values = nodes.dropFirst(counted.count).compactMap(\.expression)
        isInCatalogue = self.values.map { value in
            guard let path = (value as? PropertyNode)?.path, path.usesCatalogue else { return false }
            return settings.catalogue.all.contains { $0.value(at: path.path.parts) != nil }
        }
        projection = plan.projection
    }

    /// Turns to a block at an instant.
    ///
    /// - Parameters:
    ///   - block: as `projection` asks for.
    ///   - members: only these profiles, by their numbers; nil: all.
    package func reader(of block: HistoryBlock, at now: Timestamp, among members: Bitmap? = nil) -> Reader {
        Reader(self, block, now: now.milliseconds, members)
    }
}
