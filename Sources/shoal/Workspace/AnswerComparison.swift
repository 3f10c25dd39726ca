import EventModel
import EventStore
import ReferenceEvaluation
import SegmentEngine
import SegmentLanguage

/// Compares the engine's answers for some profiles with those of the reference evaluator.
///
/// Two ways: over the store, for all definitions that do not rank; and over the sample as if it were the whole
/// population, for all definitions.
struct AnswerComparison: Sendable {
    private let workspace: Workspace

    init(_ workspace: Workspace) { self.workspace = workspace }

    private var program: Program { workspace.library.program }

    var definitionCount: Int { program.definitions.count }

    func problems(of profiles: [ProfileNumber]) async throws -> [VerifyReport.Problem] {
        let stored = try profiles.flatMap { try workspace.snapshot.storedMessages(of: $0) }
        guard let end = stored.map(\.message.time).max(), let start = stored.map(\.message.time).min() else {
            return []
        }
        let messages = stored.sorted { $0.arrival < $1.arrival }.map { stored in
            // An id counts for its source alone, which the evaluators know nothing of; what is stored is distinct.
            var message = stored.message
            message.messageID = Text("\(stored.arrival)")
            return message
        }
        let middle = start.adding(milliseconds: end.milliseconds(since: start) / 2)
        var problems: [VerifyReport.Problem] = []
        for instant in [middle, end] {
            let reference = ReferenceEvaluator(
                program: program, settings: workspace.settings, messages: messages,
                unmerged: workspace.snapshot.unmerges)
            let expected = Answers(reference, at: instant)
            problems += compare(try await answersOfSample(messages, at: instant), expected, at: instant, "a sample")
            let plain = program.withoutRanks
            let found = try await answersOfStore(plain, profiles, at: instant)
            problems += compare(found, expected.restricted(to: plain), at: instant, "the store")
        }
        return problems
    }

    private func answersOfSample(_ messages: [Message], at instant: Timestamp) async throws -> Answers {
        let source = MemoryHistorySource(
            messages: messages, settings: workspace.settings, unmerged: workspace.snapshot.unmerges)
        let backend = Shoal.backend(of: program, over: source)
        return Answers(try await backend.evaluate(at: instant, BatchEvaluator.Request(), progress: nil))
    }

    private func answersOfStore(
        _ program: Program, _ profiles: [ProfileNumber], at instant: Timestamp
    ) async throws -> Answers {
        let backend = Shoal.backend(of: program, over: workspace.snapshot)
        var answers = Answers(names: program.dependencyOrder)
        for profile in profiles {
            guard let id = try workspace.subject(profile)?.id,
                let state = try await backend.state(of: id, at: instant), state.exists
            else { continue }
            for (name, answer) in state.answers { answers.set(name, of: id, to: answer) }
        }
        return answers
    }

    private func compare(
        _ found: Answers, _ expected: Answers, at instant: Timestamp, _ place: String
    ) -> [VerifyReport.Problem] {
        expected.values.keys.sorted().flatMap { name -> [VerifyReport.Problem] in
            let left = found.values[name] ?? [:]
            let right = expected.values[name] ?? [:]
            return Set(left.keys).union(right.keys).sorted().filter { left[$0] != right[$0] }.map { id in
                VerifyReport.Problem(
                    code: "answers-differ",
                    message: "\(name) of \(id) as of \(instant.iso8601) over \(place): the engine says "
                        + "\(left[id]?.description ?? "nothing"), the reference \(right[id]?.description ?? "nothing")")
            }
        }
    }
}

/// Answers by definition and profile: true for members, values of metrics that are not null.
private struct Answers {
    var values: [Text: [Text: JSONValue]]

    init(names: [Text]) {
        values = Dictionary(names.map { ($0, [:]) }) { first, _ in first }
    }

    init(_ reference: ReferenceEvaluator, at instant: Timestamp) {
        values = reference.metrics(at: instant).mapValues { $0.mapValues(\.json) }
        for (name, members) in reference.segments(at: instant) {
            values[name] = Dictionary(members.map { ($0, .bool(true)) }) { first, _ in first }
        }
    }

    init(_ result: BatchResult) {
        values = [:]
        for name in result.members.keys {
            values[name] = Dictionary((result.ids(of: name) ?? []).map { ($0, .bool(true)) }) { first, _ in first }
        }
        for name in result.metrics.keys {
            let pairs = (result.values(of: name) ?? []).compactMap { entry in entry.value.json.map { (entry.id, $0) } }
            values[name] = Dictionary(pairs) { first, _ in first }
        }
    }

    mutating func set(_ name: Text, of id: Text, to answer: LiveEvaluator.Answer) {
        if answer.isMember == true { values[name, default: [:]][id] = .bool(true) }
        if let value = answer.value?.json { values[name, default: [:]][id] = value }
    }

    func restricted(to program: Program) -> Answers {
        var answers = self
        answers.values = values.filter { program[$0.key] != nil }
        return answers
    }
}
