import EventModel
import Synchronization
import TestSupport
import Testing

@testable import Dashboard

@Suite struct KeptAnswersTests {
    private struct Broken: Error {}

    private func value<Question, Answer>(_ outcome: KeptAnswers<Question, Answer>.Outcome) -> Answer? {
        if case .ready(let answer, _) = outcome { answer } else { nil }
    }

    @Test func `an answer is made once for each question, and anew when it is old`() async throws {
        let clock = ManualClock(Timestamp(milliseconds: 0))
        let made = Locked<[String]>([])
        let kept = KeptAnswers<String, String>(clock: clock, slots: ReportSlots(2)) { question, now in
            made.withLock { $0.append(question) }
            return "\(question) at \(now.milliseconds)"
        }
        let patience = Duration.seconds(60)
        #expect(value(await kept.answer(to: "a", patience: patience)) == "a at 0")
        clock.advance(milliseconds: 59_999)
        #expect(value(await kept.answer(to: "a", patience: .zero)) == "a at 0", "kept")
        #expect(value(await kept.answer(to: "b", patience: patience)) == "b at 59999")
        clock.advance(milliseconds: 1)
        while value(await kept.answer(to: "a", patience: patience)) != "a at 60000" { await Task.yield() }
        #expect(made.withLock { $0 } == ["a", "b", "a"])
    }

    @Test func `what is old is shown until the new is there, and what is very old is not`() async throws {
        let clock = ManualClock(Timestamp(milliseconds: 0))
        let gate = Locked(true)
        let kept = KeptAnswers<Int, Int64>(clock: clock, slots: ReportSlots(1)) { _, now in
            while !gate.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
            return now.milliseconds
        }
        #expect(value(await kept.answer(to: 1, patience: .seconds(60))) == 0)
        gate.withLock { $0 = false }
        clock.advance(milliseconds: 61_000)
        #expect(value(await kept.answer(to: 1, patience: .seconds(60))) == 0, "after a moment only")
        gate.withLock { $0 = true }
        while value(await kept.answer(to: 1, patience: .zero)) != 61_000 { await Task.yield() }
        gate.withLock { $0 = false }
        clock.advance(milliseconds: 700_000)
        #expect(value(await kept.answer(to: 1, patience: .milliseconds(5))) == nil)
        gate.withLock { $0 = true }
    }

    @Test func `what cannot be made is told, and tried again when somebody asks`() async throws {
        let isBroken = Locked(true)
        let kept = KeptAnswers<Int, Int>(clock: ManualClock(Timestamp(milliseconds: 0)), slots: ReportSlots(1)) {
            question, _ in
            if isBroken.withLock({ $0 }) { throw Broken() }
            return question
        }
        guard case .failed(let error) = await kept.answer(to: 7, patience: .seconds(60)) else {
            Issue.record("no failure")
            return
        }
        #expect(error is Broken)
        isBroken.withLock { $0 = false }
        #expect(value(await kept.answer(to: 7, patience: .seconds(60))) == 7)
    }

    @Test func `what nobody asks for any more is given up`() async throws {
        let ended = Locked(0)
        let kept = KeptAnswers<Int, Int>(
            clock: ManualClock(Timestamp(milliseconds: 0)), slots: ReportSlots(1), givenUpAfter: .milliseconds(20)
        ) { _, _ in
            defer { ended.withLock { $0 += 1 } }
            try await Task.sleep(for: .seconds(3_600))
            return 1
        }
        // One is computed, one waits for room: both are given up.
        #expect(value(await kept.answer(to: 1, patience: .milliseconds(1))) == nil)
        #expect(value(await kept.answer(to: 2, patience: .milliseconds(1))) == nil)
        while ended.withLock({ $0 }) < 1 { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func `no more run at once than there is room for, and too many are turned away`() async throws {
        let slots = ReportSlots(2)
        let running = Locked((now: 0, most: 0))
        let isOpen = Locked(false)
        let work: @Sendable () async throws -> Void = {
            try await slots.run {
                running.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                while !isOpen.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
                running.withLock { $0.now -= 1 }
            }
        }
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<(2 + ReportSlots.mostWaiting + 3) {
                group.addTask {
                    do { try await work() } catch { return error is ReportSlots.Full }
                    return false
                }
            }
            // Nobody is let through before the three too many were turned away.
            var refused = 0
            for await one in group {
                if one { refused += 1 }
                if refused == 3 { isOpen.withLock { $0 = true } }
            }
            return refused
        }
        #expect(refused == 3 && running.withLock { $0.most } == 2)
        let waiting = Task { try await slots.run { 1 } }
        #expect(try await waiting.value == 1, "there is room again")
    }

    @Test func `whoever is cancelled while waiting leaves the line`() async throws {
        let slots = ReportSlots(1)
        let isOpen = Locked(false)
        let first = Task {
            try await slots.run { while !isOpen.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) } }
        }
        let second = Task { try await slots.run { 2 } }
        try await Task.sleep(for: .milliseconds(5))
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        isOpen.withLock { $0 = true }
        try await first.value
        #expect(try await slots.run { 3 } == 3)
    }
}
