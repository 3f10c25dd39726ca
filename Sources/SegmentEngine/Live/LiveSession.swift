package import EventModel
package import EventStore
import SegmentLanguage

/// Decides one profile after another, and again whenever a message of one arrives or one of its answers runs out.
///
/// Evaluates only the definitions that a message can turn and those that are due, and of these only the conditions that
/// it can have turned. Keeps evaluator, frames and tables between calls. Not for several threads at once.
package final class LiveSession {
    /// The definitions, in the order in which answers are counted.
    package let names: [Text]
    /// Where the bands of ranks lie; whoever is in memory is asked anew about what ranks when they are set.
    package var ranks: RankThresholds {
        didSet {
            ranksSet += 1
            evaluator?.ranks = ranks.tables
        }
    }

    private let plan: Plan
    private let entries: [Plan.Entry]
    private var evaluator: ProfileEvaluator?
    /// The conditions about the profile, whose answers are remembered from message to message, as slots of frames.
    private let slots: [Int]
    private let hasMetrics: Bool
    private let asksForContext: Bool
    private var effects: [Cause: Effect] = [:]
    /// The same of rows that come after all others, by name code, for the names at hand.
    private var effectsOfCodes: [Effect?] = []
    private var namesOfEffects: EventNames?
    private var ranksSet: UInt64 = 0
    private let ranking: Effect

    private static let mostEffects = 10_000

    private struct Cause: Hashable {
        var incoming: Incoming
        var isInOrder: Bool
    }

    /// A condition that a message of a kind can change.
    private struct Turned {
        /// Its place in `slots`.
        var index: Int
        var influence: Influence
        /// What a row must satisfy to change it; nil: every row may.
        var filter: ConditionNode?
    }

    /// What a message of a kind can change.
    private final class Effect {
        /// Definitions, as indexes of `entries`.
        let entries: [(index: Int, influence: Influence)]
        /// Conditions.
        let conditions: [Turned]

        init(entries: [(index: Int, influence: Influence)], conditions: [Turned]) {
            self.entries = entries
            self.conditions = conditions
        }
    }

    /// What is remembered of one profile.
    package struct Memory: Sendable {
        /// Whether the profile existed at the last instant.
        package fileprivate(set) var exists = false
        /// The instant of the last answers.
        package fileprivate(set) var asOf: Timestamp
        /// Times in ms of its first message, of the newest row that was visible, and of the first one that was not yet.
        fileprivate var created: Int64
        fileprivate var newestRow: Int64
        fileprivate var nextRow: Int64
        fileprivate var ranksSet: UInt64
        /// By definition: membership (true for metrics), and until when the answer is sure by the clock.
        fileprivate var answers: [RememberedTruth]
        /// By definition; null for segments. Empty when there are no metrics.
        fileprivate var values: [Value]
        /// By condition; those with `until` at or before `asOf` are not known.
        fileprivate var truths: [RememberedTruth]

        /// How much memory it takes, bytes, about.
        package var bytes: Int {
            128 + (answers.count + truths.count) * MemoryLayout<RememberedTruth>.stride
                + values.count * MemoryLayout<Value>.stride
        }

        /// The earliest instant at which an answer could be another if nothing arrived; nil: never.
        package var validUntil: Timestamp? {
            let until = min(nextRow, answers.lazy.map(\.until).min() ?? never)
            return until == never ? nil : Timestamp(milliseconds: until)
        }
    }

    /// - Parameter definitions: which to answer; nil: all.
    package init(plan: Plan, ranks: RankThresholds, definitions: Set<Text>? = nil) {
        self.plan = plan
        self.ranks = ranks
        entries = plan.entries.filter { definitions?.contains($0.definition.name) ?? true }
        names = entries.map(\.definition.name)
        slots = plan.interests.map(\.node.slot)
        hasMetrics = entries.contains { !$0.isSegment }
        asksForContext = plan.entries.contains { $0.interest.anyContext }
        ranking = Effect(
            entries: entries.enumerated().filter { !$1.ranks.isEmpty }.map { ($0.offset, .both) },
            conditions: plan.interests.enumerated().filter { !$1.node.traits.ranks.isEmpty }
                .map { Turned(index: $0.offset, influence: .both) })
    }

    // MARK: - Deciding

    /// All answers for a profile of a block, from nothing.
    ///
    /// - Parameters:
    ///   - block: as `Plan.projectionForValidity` asks for.
    ///   - profile: its place in the block.
    package func begin(_ block: HistoryBlock, profile: Int = 0, at now: Timestamp) -> Memory {
        let evaluator = turn(to: block, profile)
        var memory = Memory(
            asOf: now, created: evaluator.created, newestRow: .min, nextRow: never, ranksSet: ranksSet,
            answers: Array(repeating: .unknown, count: entries.count),
            values: hasMetrics ? Array(repeating: .null, count: entries.count) : [],
            truths: Array(repeating: .unknown, count: slots.count))
        (memory.newestRow, memory.nextRow) = evaluator.rowTimes(around: now.milliseconds)
        decide(&memory, evaluator, now.milliseconds)
        return memory
    }

    /// The answers after a message of the profile has arrived, or after some time.
    ///
    /// A message that joins profiles or takes one apart leaves nothing of the memory: begin anew.
    ///
    /// - Parameters:
    ///   - block: the history with the message in it.
    ///   - profile: the profile's place in the block.
    ///   - now: not before the instant of the last answers.
    ///   - incoming: the messages; none: only the clock has gone on.
    package func update(
        _ memory: inout Memory, _ block: HistoryBlock, profile: Int = 0, at now: Timestamp, incoming: [Incoming] = []
    ) {
        let evaluator = turn(to: block, profile)
        let instant = now.milliseconds
        // Who begins to exist, and whose beginning was another, is asked everything.
        guard memory.exists, memory.created == evaluator.created, memory.asOf <= now else {
            memory = begin(block, profile: profile, at: now)
            return
        }
        if memory.ranksSet != ranksSet { forget(ranking, &memory) }
        // Rows that have become visible come after all others; a message among them needs no more.
        let rowTimes = evaluator.rowTimes(around: instant, since: memory.asOf.milliseconds) { code, rows in
            forget(effect(ofRows: code, block), &memory, evaluator, rows)
        }
        for incoming in incoming {
            let time = incoming.time?.milliseconds ?? .min
            let isRow = time > memory.asOf.milliseconds && time <= instant && incoming.kind.makesRows
            if !isRow { forget(effect(of: incoming, isInOrder: time > memory.newestRow), &memory) }
        }
        (memory.newestRow, memory.nextRow) = rowTimes
        memory.asOf = now
        memory.ranksSet = ranksSet
        decide(&memory, evaluator, instant)
    }

    /// Forgets what a message can have changed.
    private func forget(_ effect: Effect, _ memory: inout Memory) {
        forget(effect.entries, &memory.answers)
        for turned in effect.conditions { forget(turned, &memory.truths) }
    }

    /// The same of rows that come after all others: where none of them counts, all is as it was.
    private func forget(_ effect: Effect, _ memory: inout Memory, _ evaluator: ProfileEvaluator, _ rows: Range<Int>) {
        forget(effect.entries, &memory.answers)
        var frame: Frame?
        for turned in effect.conditions where !turned.influence.keeps(memory.truths[turned.index].truth) {
            if let filter = turned.filter {
                let lent = frame ?? evaluator.frame(at: memory.asOf.milliseconds, wantsValidity: false)
                frame = lent
                if !rows.contains(where: { filter.evaluate(lent, Occurrence(row: $0)).holds }) { continue }
            }
            memory.truths[turned.index] = .unknown
        }
        if let frame { evaluator.release(frame) }
    }

    private func forget(_ turned: [(index: Int, influence: Influence)], _ answers: inout [RememberedTruth]) {
        answers.withUnsafeMutableBufferPointer { answers in
            for (index, influence) in turned where !influence.keeps(answers[index].truth) { answers[index] = .unknown }
        }
    }

    private func forget(_ turned: Turned, _ truths: inout [RememberedTruth]) {
        if !turned.influence.keeps(truths[turned.index].truth) { truths[turned.index] = .unknown }
    }

    private func effect(of incoming: Incoming, isInOrder: Bool) -> Effect {
        var cause = Cause(incoming: incoming, isInOrder: isInOrder)
        cause.incoming.time = nil
        if !asksForContext { cause.incoming.hasContext = false }
        if let known = effects[cause] { return known }
        if effects.count >= Self.mostEffects { effects = [:] }
        let influences = Influences(of: cause.incoming, isInOrder: isInOrder, plan: plan)
        let effect = Effect(
            entries: entries.enumerated().map { ($0.offset, influences.on($0.element.body, $0.element.interest)) }
                .filter { $0.1 != .none },
            conditions: plan.interests.enumerated().map { offset, interest in
                Turned(
                    index: offset, influence: influences.on(interest.node),
                    filter: isInOrder && incoming.kind.isEvent ? interest.node.rowFilter : nil)
            }.filter { $0.influence != .none })
        effects[cause] = effect
        return effect
    }

    /// What rows of a name code that become visible can change.
    private func effect(ofRows code: UInt32, _ block: HistoryBlock) -> Effect {
        if namesOfEffects !== block.names {
            namesOfEffects = block.names
            effectsOfCodes = Array(repeating: nil, count: block.eventNames.count)
        }
        if let known = effectsOfCodes[Int(code)] { return known }
        let isIdentify = code == HistoryBlock.identifyCode
        let name = block.eventNames[Int(code)]
        let effect = effect(of: isIdentify ? Incoming(.identify) : Incoming(.track, event: name), isInOrder: true)
        effectsOfCodes[Int(code)] = effect
        return effect
    }

    private func turn(to block: HistoryBlock, _ profile: Int) -> ProfileEvaluator {
        let turned = evaluator ?? ProfileEvaluator(plan: plan, block: block, ranks: ranks.tables)
        evaluator = turned
        if turned.block !== block { turned.turn(to: block) }
        if turned.profile != profile { turned.begin(profile: profile) }
        return turned
    }

    /// Evaluates the definitions whose answers are not sure at an instant.
    private func decide(_ memory: inout Memory, _ evaluator: ProfileEvaluator, _ now: Int64) {
        memory.exists = evaluator.created <= now
        guard memory.exists else {
            for index in memory.answers.indices { memory.answers[index] = RememberedTruth(Truth(false)) }
            return
        }
        guard memory.answers.contains(where: { $0.until <= now }) else { return }
        let frame = evaluator.frame(at: now, wantsValidity: true)
        defer { evaluator.release(frame) }
        frame.remember(memory.truths, slots: slots)
        for index in entries.indices where memory.answers[index].until <= now {
            switch entries[index].body {
            case .segment(let condition):
                memory.answers[index] = RememberedTruth(condition.evaluate(frame, .none))
            case .metric(let value):
                let timed = value.evaluate(frame, .none)
                memory.values[index] = timed.value
                memory.answers[index] = RememberedTruth(Truth(true, until: timed.until))
            }
        }
        frame.recall(&memory.truths, slots: slots)
    }

    // MARK: - Answers

    /// One definition's answer, by its place in `names`.
    package func answer(_ index: Int, _ memory: Memory) -> LiveEvaluator.Answer {
        let until = min(memory.answers[index].until, memory.nextRow)
        let validUntil = until == never ? nil : Timestamp(milliseconds: until)
        return entries[index].isSegment
            ? LiveEvaluator.Answer(isMember: memory.answers[index].holds, validUntil: validUntil)
            : LiveEvaluator.Answer(value: memory.values[index], validUntil: validUntil)
    }

    /// Whether a profile is a member, by the segment's place in `names`.
    package func isMember(_ index: Int, _ memory: Memory) -> Bool {
        entries[index].isSegment && memory.answers[index].holds
    }
}

extension MessageKind {
    /// Whether its messages are rows of a history.
    fileprivate var makesRows: Bool {
        switch self {
        case .track, .page, .screen, .identify: true
        case .group, .alias: false
        }
    }
}
