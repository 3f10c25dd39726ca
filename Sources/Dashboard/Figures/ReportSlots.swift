/// Lets only so many reports be computed at once; others wait in the order in which they came.
package actor ReportSlots {
    /// So many wait; more are turned away.
    package static let mostWaiting = 64

    /// Too many wait already.
    package struct Full: Error {}

    private var free: Int
    private var waiting: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    private var number = 0

    package init(_ count: Int) { free = max(count, 1) }

    /// Runs `body` when there is room for it.
    ///
    /// - Throws: `Full`, `CancellationError` when nobody wants it any more before it began, and what `body` throws.
    package nonisolated func run<Answer: Sendable>(
        _ body: @Sendable @concurrent () async throws -> Answer
    ) async throws -> Answer {
        try await enter()
        do {
            let answer = try await body()
            await leave()
            return answer
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async throws {
        try Task.checkCancellation()
        if free > 0 {
            free -= 1
            return
        }
        guard waiting.count < Self.mostWaiting else { throw Full() }
        number += 1
        let own = number
        let hasRoom = await withTaskCancellationHandler {
            await withCheckedContinuation { waiting.append((own, $0)) }
        } onCancel: {
            Task { await self.turnAway(own) }
        }
        guard hasRoom else { throw CancellationError() }
    }

    private func leave() {
        guard !waiting.isEmpty else {
            free += 1
            return
        }
        waiting.removeFirst().continuation.resume(returning: true)
    }

    private func turnAway(_ number: Int) {
        guard let place = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: place).continuation.resume(returning: false)
    }
}
