import Columns
import EventModel
import EventStore
import SegmentLanguage

/// Evaluates definitions for every profile of one block.
struct BlockEvaluation {
    let entries: [Plan.Entry]
    let now: Timestamp
    let wantsValidity: Bool

    func run(_ evaluator: ProfileEvaluator) -> BatchResult {
        var result = BatchResult(now: now, segments: [], metrics: [])
        var members = [Bitmap](repeating: Bitmap(), count: entries.count)
        var values = [[ProfileNumber: Value]](repeating: [:], count: entries.count)
        var instants = [[ProfileNumber: Timestamp]](repeating: [:], count: entries.count)
        let block = evaluator.block
        for profile in 0..<block.profileCount where block.firstTimes[profile] <= now.milliseconds {
            evaluator.begin(profile: profile)
            let number = block.profileNumbers[profile]
            result.population.insert(Int(number))
            result.profileIDs[number] = block.profileIDs[profile]
            let frame = evaluator.frame(at: now.milliseconds, wantsValidity: wantsValidity)
            let next = wantsValidity ? evaluator.nextRowTime(after: now.milliseconds) : never
            for (index, entry) in entries.enumerated() {
                let until: Int64
                switch entry.body {
                case .segment(let condition):
                    let truth = condition.evaluate(frame, .none)
                    if truth.holds { members[index].insert(Int(number)) }
                    until = truth.until
                case .metric(let value):
                    let timed = value.evaluate(frame, .none)
                    if !timed.value.isNull { values[index][number] = timed.value }
                    until = timed.until
                }
                if wantsValidity, min(until, next) != never {
                    instants[index][number] = Timestamp(milliseconds: min(until, next))
                }
            }
            evaluator.release(frame)
        }
        for (index, entry) in entries.enumerated() {
            let name = entry.definition.name
            if entry.isSegment { result.members[name] = members[index] } else { result.metrics[name] = values[index] }
            if wantsValidity { result.validUntil[name] = instants[index] }
        }
        return result
    }
}
