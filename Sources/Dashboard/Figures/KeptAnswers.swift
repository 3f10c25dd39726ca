package import EventModel

/// Answers of a report to the questions that were put lately: made in the background, and kept for a minute.
///
/// An answer that is older is made anew when somebody asks; if that takes more than a moment, the old one is shown until
/// the new one is there. What nobody asks for any more is given up: a page that waits asks again by itself.
package actor KeptAnswers<Question: Hashable & Sendable, Answer: Sendable> {
    package enum Outcome: Sendable {
        case ready(Answer, asOf: Timestamp)
        case pending
        case failed(any Error)
    }

    private struct Entry {
        var answer: Answer?
        var asOf = Timestamp.distantPast
        var failure: (any Error)?
        var work: Task<Void, Never>?
        /// How often somebody asked.
        var asked = 0
    }

    private let clock: any Clock
    private let slots: ReportSlots
    private let givenUpAfter: Duration
    private let make: @Sendable @concurrent (Question, Timestamp) async throws -> Answer
    private var entries: [Question: Entry] = [:]

    private static var freshMilliseconds: Int64 { 60_000 }
    /// What is older is not shown any more.
    private static var shownMilliseconds: Int64 { 600_000 }
    private static var mostKept: Int { 64 }
    /// So long a page waits for news where there is an old answer.
    private static var moment: Duration { .milliseconds(50) }

    /// - Parameters:
    ///   - givenUpAfter: what nobody has asked for in this time is not computed any further.
    ///   - make: answers a question as of an instant.
    package init(
        clock: any Clock, slots: ReportSlots, givenUpAfter: Duration = .seconds(20),
        make: @escaping @Sendable @concurrent (Question, Timestamp) async throws -> Answer
    ) {
        self.clock = clock
        self.slots = slots
        self.givenUpAfter = givenUpAfter
        self.make = make
    }

    /// The answer to a question as of now or a little before; `pending` when there is none within the patience.
    package func answer(to question: Question, patience: Duration) async -> Outcome {
        let now = clock.now()
        forgetOld(at: now)
        var entry = entries[question] ?? Entry()
        entry.asked += 1
        let isFresh = entry.answer != nil && now.milliseconds(since: entry.asOf) < Self.freshMilliseconds
        if !isFresh, entry.work == nil {
            entry.failure = nil
            entry.work = start(question, at: now)
        }
        entries[question] = entry
        if !isFresh { await wait(for: question, entry.answer == nil ? patience : min(patience, Self.moment)) }
        guard let entry = entries[question] else { return .pending }
        if let answer = entry.answer, entry.failure == nil { return .ready(answer, asOf: entry.asOf) }
        return entry.failure.map { .failed($0) } ?? .pending
    }

    private func wait(for question: Question, _ patience: Duration) async {
        var (waited, step) = (Duration.zero, Duration.milliseconds(1))
        while waited < patience, entries[question]?.work != nil {
            try? await Task.sleep(for: step)
            // Whoever asked may be gone.
            if Task.isCancelled { return }
            waited += step
            step = min(step * 2, .milliseconds(16))
        }
    }

    private func forgetOld(at now: Timestamp) {
        entries = entries.filter {
            $0.value.work != nil || now.milliseconds(since: $0.value.asOf) < Self.shownMilliseconds
        }
        if entries.count >= Self.mostKept,
            let oldest = entries.filter({ $0.value.work == nil }).min(by: { $0.value.asOf < $1.value.asOf })
        {
            entries[oldest.key] = nil
        }
    }

    // MARK: - Computing

    private func start(_ question: Question, at now: Timestamp) -> Task<Void, Never> {
        let (slots, make, givenUpAfter) = (slots, make, givenUpAfter)
        let work = Task(priority: .utility) {
            do {
                let answer = try await slots.run { try await make(question, now) }
                self.end(question, .success(answer), at: now)
            } catch { self.end(question, .failure(error), at: now) }
        }
        Task(priority: .utility) {
            var seen = 0
            while let asked = self.asked(for: question, by: work), asked != seen {
                seen = asked
                try? await Task.sleep(for: givenUpAfter)
            }
            work.cancel()
        }
        return work
    }

    /// How often somebody asked; nil when it is not computed any more.
    private func asked(for question: Question, by work: Task<Void, Never>) -> Int? {
        guard let entry = entries[question], entry.work == work else { return nil }
        return entry.asked
    }

    private func end(_ question: Question, _ result: Result<Answer, any Error>, at now: Timestamp) {
        guard var entry = entries[question] else { return }
        entry.work = nil
        switch result {
        case .success(let answer): (entry.answer, entry.asOf) = (answer, now)
        case .failure(let error) where error is CancellationError: break
        case .failure(let error): (entry.failure, entry.asOf) = (error, now)
        }
        // Given up before there was anything.
        entries[question] = entry.answer == nil && entry.failure == nil ? nil : entry
    }
}
