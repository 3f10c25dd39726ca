import EventStore
import SegmentEngine

extension FunnelChains {
    /// The times of the first chain that goes as far as the profile went: each step's event is the earliest after the
    /// one before. Milliseconds, one for each step reached.
    ///
    /// As the first event moves on, those of the other steps never go back, so each step is walked once.
    func times(of profile: Int, reaching level: Int) -> [Int64] {
        var next = steps.prefix(level).map { $0.places(of: profile).lowerBound }
        var times = [Int64](repeating: 0, count: level)
        for first in steps[0].places(of: profile) {
            times[0] = steps[0].times[first]
            var row = steps[0].row(at: first)
            var reached = 1
            while reached < level {
                let step = steps[reached]
                let end = step.places(of: profile).upperBound
                while next[reached] < end, !block.isEarlier(row, than: step.row(at: next[reached])) {
                    next[reached] += 1
                }
                guard next[reached] < end else { return [] }
                row = step.row(at: next[reached])
                times[reached] = step.times[next[reached]]
                guard isWithin(times[0], times[reached]) else { break }
                reached += 1
            }
            if reached == level { return times }
        }
        return []
    }
}
