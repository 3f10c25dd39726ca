import EventModel
import EventStore
import SegmentLanguage

/// The answers for the profiles of one block, per definition in the order of the entries.
struct BlockAnswers: Sendable {
    /// Those that exist.
    var profiles: [ProfileNumber] = []
    var members: [[ProfileNumber]]
    var values: [[(ProfileNumber, Value)]]
    /// The earliest instant of all answers of a profile, where there is one; of profiles that do not exist yet too.
    var due: [(ProfileNumber, Timestamp)] = []

    init(count: Int) {
        members = Array(repeating: [], count: count)
        values = Array(repeating: [], count: count)
    }
}

/// Evaluates definitions for every profile of one block.
struct BlockEvaluation {
    let entries: [Plan.Entry]
    let now: Timestamp
    let wantsDue: Bool

    func run(_ evaluator: ProfileEvaluator) -> BlockAnswers {
        wantsDue ? runOneByOne(evaluator) : run(evaluator.sweep(at: now.milliseconds))
    }

    /// All profiles at a time.
    private func run(_ sweep: BlockSweep) -> BlockAnswers {
        var answers = BlockAnswers(count: entries.count)
        let numbers = sweep.block.profileNumbers
        answers.profiles =
            sweep.everybody.count == numbers.count ? numbers : sweep.everybody.map { numbers[Int($0)] }
        for (index, entry) in entries.enumerated() {
            switch entry.body {
            case .segment(let condition):
                answers.members[index] = condition.members(among: sweep.everybody, sweep).map { numbers[Int($0)] }
            case .metric(let value):
                let column = sweep.column(of: value.swept, for: sweep.everybody)
                answers.values[index] = sweep.everybody.compactMap { profile in
                    column.isNull(profile) ? nil : (numbers[Int(profile)], column.value(profile))
                }
            }
        }
        return answers
    }

    /// Profile by profile, with the instants until which the answers are sure.
    private func runOneByOne(_ evaluator: ProfileEvaluator) -> BlockAnswers {
        var answers = BlockAnswers(count: entries.count)
        let block = evaluator.block
        for profile in 0..<block.profileCount {
            guard block.firstTimes[profile] <= now.milliseconds else {
                let beginning = Timestamp(milliseconds: block.firstTimes[profile])
                answers.due.append((block.profileNumbers[profile], beginning))
                continue
            }
            evaluator.begin(profile: profile)
            answers.profiles.append(block.profileNumbers[profile])
            evaluate(evaluator, block.profileNumbers[profile], &answers)
        }
        return answers
    }

    private func evaluate(_ evaluator: ProfileEvaluator, _ number: ProfileNumber, _ answers: inout BlockAnswers) {
        let frame = evaluator.frame(at: now.milliseconds, wantsValidity: true)
        defer { evaluator.release(frame) }
        let next = evaluator.nextRowTime(after: now.milliseconds)
        var earliest = next
        for (index, entry) in entries.enumerated() {
            let until: Int64
            switch entry.body {
            case .segment(let condition):
                let truth = condition.evaluate(frame, .none)
                if truth.holds { answers.members[index].append(number) }
                until = truth.until
            case .metric(let value):
                let timed = value.evaluate(frame, .none)
                if !timed.value.isNull { answers.values[index].append((number, timed.value)) }
                until = timed.until
            }
            earliest = min(earliest, until)
        }
        if earliest != never { answers.due.append((number, Timestamp(milliseconds: earliest))) }
    }
}
