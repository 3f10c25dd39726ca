import EventModel
import Foundation
import HTTPTypes
import Synchronization

/// Tries and hashes passwords: two at once, so that they never take more than twice the memory of one, some more wait,
/// and whoever comes then is told to come again.
///
/// Each runs on a thread of its own, so that nothing that is answered meanwhile waits for it.
final class PasswordHasher: Sendable {
    private typealias Work = @Sendable () -> Void

    private struct State {
        var running = 0
        var waiting: [Work] = []
    }

    let cost: PasswordCost
    private let random: any RandomSource
    private let nobody: PasswordHash
    private let together: Int
    private let most: Int
    private let state = Locked(State())

    /// - Parameters:
    ///   - together: how many run at once.
    ///   - most: how many may wait.
    init(cost: PasswordCost, random: any RandomSource, together: Int = 2, most: Int = 16) {
        self.cost = cost
        self.random = random
        self.together = together
        self.most = most
        nobody = .ofNobody(cost, random)
    }

    func hash(_ password: String) async throws -> PasswordHash {
        let salt = (0..<2).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
        return try await run { [cost] in try PasswordHash(of: password, cost: cost, salt: salt) }
    }

    /// Whether a password has the hash; takes as long when there is none.
    func matches(_ password: String, _ hash: PasswordHash?) async throws -> Bool {
        let isKnown = hash != nil
        let hash = hash ?? nobody
        return try await run { try hash.matches(password) && isKnown }
    }

    /// - Throws: `busy` when too many wait.
    private func run<Answer: Sendable>(_ body: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        try await withCheckedThrowingContinuation { (answer: CheckedContinuation<Answer, any Error>) in
            let work: Work = { answer.resume(with: Result(catching: body)) }
            let refusal: APIError? = state.withLock { state in
                if state.running < together {
                    state.running += 1
                    start(work)
                } else if state.waiting.count < most {
                    state.waiting.append(work)
                } else {
                    return APIError(
                        .tooManyRequests, "busy", "Too many people sign in at this moment; try again in a few seconds.",
                        retryAfter: 5)
                }
                return nil
            }
            if let refusal { answer.resume(throwing: refusal) }
        }
    }

    /// A thread that does the work, and then whatever waits.
    private func start(_ first: @escaping Work) {
        Thread.detachNewThread { [self] in
            #if canImport(Glibc)
                // On Linux this is of the thread alone: messages go before sign-ins.
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
            #endif
            var next: Work? = first
            while let work = next {
                work()
                next = state.withLock { state in
                    guard !state.waiting.isEmpty else {
                        state.running -= 1
                        return nil
                    }
                    return state.waiting.removeFirst()
                }
            }
        }
    }
}
