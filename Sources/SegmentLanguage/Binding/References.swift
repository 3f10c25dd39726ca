package import EventModel

/// The use of one definition by another.
package struct Reference: Hashable, Sendable {
    package var name: Text
    /// A segment is wanted; else a metric.
    package var isSegment: Bool
    package var range: SourceRange
    /// It stands behind an `and` or `or` that follows a `where`, where a property may have been meant.
    package var followsFilter = false
    package var moment = Moment.now

    /// For which instants the other definition is asked.
    package enum Moment: Hashable, Sendable {
        case now
        /// One instant in the past.
        case then
        /// Every instant of a window.
        case followed
    }
}

extension Definition {
    /// Every use of another definition, built-in metrics left out, in the order of the text.
    package func references(map: SourceMap = SourceMap()) -> [Reference] {
        var collector = ReferenceCollector(map: map)
        collector.walk(self)
        return collector.references
    }
}

private struct ReferenceCollector: TreeVisitor {
    let map: SourceMap
    var references: [Reference] = []
    private var behindFilters: [SourceRange] = []

    init(map: SourceMap) {
        self.map = map
    }

    mutating func visit(_ condition: Condition, _ scope: WalkScope) {
        switch condition.kind {
        case .and(let operands), .or(let operands):
            for (left, right) in zip(operands, operands.dropFirst()) where left.endsWithFilter {
                behindFilters.append(right.range)
            }
        case .rank(let metric, _, let segment):
            add(metric, isSegment: false, at: map.range(of: .metric, in: condition.range))
            if let segment { addSegment(segment, in: condition) }
        case .inSegment(let segment): addSegment(segment, in: condition)
        case .wasInSegment(let segment, _): addSegment(segment, in: condition, .then)
        case .inSegmentForAtLeast(let segment, _), .entered(let segment, _), .left(let segment, _):
            addSegment(segment, in: condition, .followed)
        default: break
        }
    }

    mutating func visit(_ value: Value, _ scope: WalkScope) {
        if case .metric(let name) = value.kind { add(name, isSegment: false, at: value.range) }
    }

    private mutating func addSegment(_ name: Text, in condition: Condition, _ moment: Reference.Moment = .now) {
        add(name, isSegment: true, at: map.range(of: .segment, in: condition.range), moment)
    }

    private mutating func add(
        _ name: Text, isSegment: Bool, at range: SourceRange, _ moment: Reference.Moment = .now
    ) {
        if !isSegment, Words.builtInMetrics.contains(name.string) { return }
        let followsFilter =
            !isSegment && behindFilters.contains { $0.start <= range.start && range.end <= $0.end && range != .none }
        references.append(
            Reference(name: name, isSegment: isSegment, range: range, followsFilter: followsFilter, moment: moment))
    }
}

extension Condition {
    /// A `where` whose one term is a comparison stands at the very end.
    fileprivate var endsWithFilter: Bool {
        switch kind {
        case .did(let query, _), .didNot(let query), .didInPeriods(let query, _, _, _):
            query.filter != nil && query.window == nil
        case .not(let inner): inner.endsWithFilter
        default: false
        }
    }
}
