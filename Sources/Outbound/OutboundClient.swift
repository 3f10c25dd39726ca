internal import CCurl
import Dispatch
import EventModel
import Foundation
import Synchronization

/// The one client for all destinations that somebody else chose: guarded addresses, bounded times and bytes, no redirects,
/// no proxy, no cookies.
///
/// Requests wait for the network on threads of their own, started as they are needed. A thread keeps its connections for
/// the next request, and ends when there was none for a while.
package final class OutboundClient: OutboundSending {
    package struct Bounds: Hashable, Sendable {
        /// To find the address, connect and agree on encryption.
        package var connectMilliseconds = 5_000
        package var totalMilliseconds = 15_000
        /// So much of an answer is read; the rest is left.
        package var answerBytes = 64 * 1_024
        package var threads = 16
        /// How long what is under way may take when the client is closed.
        package var closingMilliseconds = 3_000
        package var idleSeconds = 30

        package init() {}
    }

    private struct Job: Sendable {
        let request: OutboundRequest
        let finished: @Sendable (OutboundAnswer) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var threads = 0
        var busy = 0
        /// Set when the client is closed: what is under way then is given up.
        var stopAt: ContinuousClock.Instant?
    }

    private let addresses: AddressGuard
    private let bounds: Bounds
    private let state = Locked(State())
    /// Counts the jobs that wait, about: a thread looks when it is woken.
    private let arrivals = DispatchSemaphore(value: 0)
    private let running = DispatchGroup()

    package init(_ addresses: AddressGuard = AddressGuard(), bounds: Bounds = Bounds()) {
        self.addresses = addresses
        self.bounds = bounds
    }

    package var width: Int { bounds.threads }

    package func post(_ request: OutboundRequest, then finished: @escaping @Sendable (OutboundAnswer) -> Void) {
        let needsThread: Bool? = state.withLock { state in
            guard state.stopAt == nil else { return nil }
            state.waiting.append(Job(request: request, finished: finished))
            guard state.busy + state.waiting.count > state.threads, state.threads < bounds.threads else { return false }
            state.threads += 1
            return true
        }
        guard let needsThread else { return finished(OutboundAnswer(.stopped)) }
        arrivals.signal()
        guard needsThread else { return }
        running.enter()
        Thread.detachNewThread {
            self.work()
            self.running.leave()
        }
    }

    package func close() {
        let (waiting, threads) = state.withLock { state in
            state.stopAt = state.stopAt ?? .now + .milliseconds(bounds.closingMilliseconds)
            defer { state.waiting = [] }
            return (state.waiting, state.threads)
        }
        for job in waiting { job.finished(OutboundAnswer(.stopped)) }
        for _ in 0..<threads { arrivals.signal() }
        running.wait()
    }

    // MARK: - On a thread of its own

    private enum Turn {
        case send(Job)
        case look
        case end
    }

    private func work() {
        let poster = shoal_poster_make()
        defer { shoal_poster_free(poster) }
        while true {
            let isWoken = arrivals.wait(timeout: .now() + .seconds(bounds.idleSeconds)) == .success
            let turn: Turn = state.withLock { state in
                if !state.waiting.isEmpty {
                    state.busy += 1
                    return .send(state.waiting.removeFirst())
                }
                if isWoken, state.stopAt == nil { return .look }
                state.threads -= 1
                return .end
            }
            switch turn {
            case .look: continue
            case .end: return
            case .send(let job):
                let answer = poster.map { send(job.request, $0) } ?? OutboundAnswer(.outOfMemory)
                state.withLock { $0.busy -= 1 }
                job.finished(answer)
            }
        }
    }

    private func send(_ request: OutboundRequest, _ poster: OpaquePointer) -> OutboundAnswer {
        guard OutboundURL.isUsable(request.url) else { return OutboundAnswer(.badURL) }
        let lines = request.fields.map { strdup("\($0.name): \($0.value)") }
        defer { for line in lines { free(line) } }
        guard lines.allSatisfy({ $0 != nil }) else { return OutboundAnswer(.outOfMemory) }
        let started = ContinuousClock.now
        let answer = request.url.withCString { url in
            lines.map { UnsafePointer($0) }.withUnsafeBufferPointer { lines in
                request.body.withUnsafeBufferPointer { body in
                    var call = shoal_post_request()
                    call.url = url
                    call.headers = lines.baseAddress
                    call.header_count = lines.count
                    call.body = body.baseAddress
                    call.body_length = body.count
                    call.connect_milliseconds = bounds.connectMilliseconds
                    call.total_milliseconds = bounds.totalMilliseconds
                    call.answer_bytes = bounds.answerBytes
                    call.may_connect = Self.mayConnect
                    call.must_stop = Self.mustStop
                    return withExtendedLifetime(self) {
                        call.context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
                        return shoal_poster_send(poster, &call)
                    }
                }
            }
        }
        let elapsed = (ContinuousClock.now - started).components
        return Self.answer(
            answer, milliseconds: Int(elapsed.seconds) * 1_000 + Int(elapsed.attoseconds / 1_000_000_000_000_000))
    }

    private static let mayConnect: shoal_address_check = { context, address, length in
        guard let context, let address else { return false }
        let client = Unmanaged<OutboundClient>.fromOpaque(context).takeUnretainedValue()
        return client.addresses.allows(Array(UnsafeBufferPointer(start: address, count: length)))
    }

    private static let mustStop: shoal_stop_check = { context in
        guard let context else { return true }
        let client = Unmanaged<OutboundClient>.fromOpaque(context).takeUnretainedValue()
        guard let stopAt = client.state.withLock({ $0.stopAt }) else { return false }
        return ContinuousClock.now >= stopAt
    }

    private static func answer(_ answer: shoal_post_answer, milliseconds: Int) -> OutboundAnswer {
        let outcome = outcome(answer.outcome)
        var answer = answer
        let retryAfter = withUnsafeBytes(of: &answer.retry_after) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return OutboundAnswer(
            outcome, status: outcome == .answered ? Int(answer.status) : nil, milliseconds: milliseconds,
            bytes: answer.answer_bytes, retryAfter: retryAfter.isEmpty ? nil : retryAfter)
    }

    private static func outcome(_ outcome: shoal_post_outcome) -> OutboundAnswer.Outcome {
        switch outcome {
        case SHOAL_POST_ANSWERED: .answered
        case SHOAL_POST_BAD_URL: .badURL
        case SHOAL_POST_ADDRESS_REFUSED: .addressRefused
        case SHOAL_POST_NOT_RESOLVED: .notResolved
        case SHOAL_POST_NOT_CONNECTED: .notConnected
        case SHOAL_POST_TLS_FAILED: .tlsFailed
        case SHOAL_POST_TIMED_OUT: .timedOut
        case SHOAL_POST_STOPPED: .stopped
        case SHOAL_POST_OUT_OF_MEMORY: .outOfMemory
        default: .broken
        }
    }
}
