package import EventModel
package import EventStore
import SegmentLanguage

/// Since when a profile has been a member without a break.
package enum MembershipStart: Hashable, Sendable {
    case at(Timestamp)
    /// Found no end of it within the steps allowed: at this instant it was a member already.
    case atOrBefore(Timestamp)
}

extension LiveEvaluator {
    /// Since when the first profile of a block has been a member of each of these segments, of those it is in at `now`.
    ///
    /// Exact to the millisecond, by what is known now of the past. Segments that rank are left out: where a profile
    /// stood among all others is no question to its own history.
    ///
    /// - Parameters:
    ///   - block: as `Plan.projectionForValidity` asks for.
    ///   - mostSteps: how often a segment is looked at before the search for its start is given up.
    /// - Complexity: O(steps) evaluations a segment; a step is an instant at which an answer could have changed. The
    ///   search goes back from `now` in stretches that grow, so a membership that is young is found soon.
    package func memberSince(
        _ segments: Set<Text>, of block: HistoryBlock, at now: Timestamp, mostSteps: Int = 20_000
    ) -> [Text: MembershipStart] {
        guard block.profileCount > 0 else { return [:] }
        let evaluator = ProfileEvaluator(plan: plan, block: block, ranks: RankThresholds.none(for: plan).tables)
        evaluator.begin(profile: 0)
        guard evaluator.created <= now.milliseconds else { return [:] }
        var starts: [Text: MembershipStart] = [:]
        for entry in plan.entries where segments.contains(entry.definition.name) && entry.ranks.isEmpty {
            guard case .segment(let condition) = entry.body else { continue }
            let segment = SegmentReference(name: entry.definition.name, condition: condition)
            guard segment.membership(at: now.milliseconds, evaluator, wantsValidity: false).holds else { continue }
            starts[segment.name] = start(of: segment, evaluator, now.milliseconds, mostSteps)
        }
        return starts
    }

    private func start(
        of segment: SegmentReference, _ evaluator: ProfileEvaluator, _ now: Int64, _ mostSteps: Int
    ) -> MembershipStart {
        var stepsLeft = mostSteps
        // A member at every instant from `known` to now.
        var known = now
        var stretch = 30 * Timestamp.millisecondsPerDay
        while known > evaluator.created {
            let begin = max(evaluator.created, known.subtractingSaturating(stretch))
            var instant = begin
            var since: Int64?
            var pace = Pace()
            while instant < known {
                guard stepsLeft > 0 else { return .atOrBefore(Timestamp(milliseconds: known)) }
                stepsLeft -= 1
                let truth = segment.membership(at: instant, evaluator)
                since = truth.holds ? since ?? instant : nil
                instant = pace.next(after: instant, until: truth.until)
            }
            if since != begin { return .at(Timestamp(milliseconds: since ?? known)) }
            known = begin
            stretch = stretch.addingSaturating(stretch)
        }
        return .at(Timestamp(milliseconds: known))
    }
}
