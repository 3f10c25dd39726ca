import Columns
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

/// Walks the profiles of a block through a funnel, and through that of each group.
struct FunnelWalk: Sendable {
    private let stepCount: Int
    private let within: Int64
    private let isLoose: Bool
    private let wantsTimes: Bool
    /// Members of the groups that are segments, the last one's being those of none.
    private let members: [Bitmap]
    /// How many groups have a first step of their own; the reader has its query after those of the steps.
    private let valueCount: Int

    init(_ query: FunnelQuery, groups: [FunnelQuery.Group.Kind]) {
        stepCount = query.steps.count
        within = query.within.milliseconds
        isLoose = query.order == .loose
        wantsTimes = query.wantsTimes
        if case .segments(let segments) = query.split {
            members = segments.map(\.members)
            valueCount = 0
        } else {
            members = []
            valueCount = groups.count
        }
    }

    /// - Parameter counts: of all profiles first, then of the groups.
    func add(_ reader: EventRows.Reader, to counts: inout [FunnelCounts]) {
        let numbers = reader.block.profileNumbers
        forEachProfile(reader, first: 0) { profile, add in
            add(&counts[0])
            guard !members.isEmpty else { return }
            var isInNone = true
            for (index, group) in members.enumerated() where group.contains(Int(numbers[profile])) {
                add(&counts[index + 1])
                isInNone = false
            }
            if isInNone { add(&counts[members.count + 1]) }
        }
        for value in 0..<valueCount {
            forEachProfile(reader, first: stepCount + value) { _, add in add(&counts[value + 1]) }
        }
    }

    /// Calls `body` with each profile that reached the first step, and with what adds it to counts.
    private func forEachProfile(
        _ reader: EventRows.Reader, first: Int, _ body: (_ profile: Int, _ add: (inout FunnelCounts) -> Void) -> Void
    ) {
        let queries = [first] + Array(1..<max(stepCount, 1))
        if isLoose {
            let loose = LooseSteps(reader, queries: queries, within: within)
            for profile in 0..<reader.block.profileCount where loose.reachedFirst(profile) {
                let reached = loose.shortest(of: profile).prefix { $0 != nil }.compactMap(\.self)
                body(profile) { $0.add(level: reached.count + 1, shortest: wantsTimes ? reached : []) }
            }
        } else {
            let chains = FunnelChains(reader, queries: queries, within: within)
            for (profile, level) in chains.levels().enumerated() where level > 0 {
                let times = wantsTimes && level > 1 ? chains.times(of: profile, reaching: level) : []
                body(profile) { $0.add(level: level, times: times) }
            }
        }
    }
}
