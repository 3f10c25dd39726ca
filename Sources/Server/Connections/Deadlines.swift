import EventModel
import NIOCore

/// How long one connection may take for what; none of these is put off by a byte that comes.
package struct Deadlines: Hashable, Sendable {
    /// For the head of a request: from its first byte, the first one from the opening of the connection.
    package var head = Duration.seconds(Limits.headSeconds.value)
    /// For the body of a request; more only while it comes at `bytesPerSecond` on average.
    package var body = Duration.seconds(Limits.bodySeconds.value)
    /// For reading an answer; more only while it is read at `bytesPerSecond` on average.
    package var answer = Duration.seconds(Limits.answerSeconds.value)
    /// Between an answer and the next request.
    package var idle = Duration.seconds(Limits.idleSeconds.value)
    package var bytesPerSecond = Limits.bytesPerSecond.value

    package init() {}
}

/// What a connection is waiting for, and until when.
///
/// A client is only waited for when it is its turn: while a request is being answered, the next one may be late.
struct ConnectionTimes {
    /// Why a connection is closed.
    enum Reason: String, CaseIterable, Sendable {
        case head, body, answer, idle
    }

    private enum Reading {
        /// Nothing of the next request has come.
        case nothing(since: NIODeadline)
        case head(since: NIODeadline)
        case body(since: NIODeadline, bytes: Int)
    }

    /// Bytes that the client has not read yet.
    private struct Unread {
        var since: NIODeadline
        /// All that had to be read since then.
        var bytes: Int
        /// What of it was left when it was looked at last.
        var left: Int
    }

    private let deadlines: Deadlines
    private var reading: Reading
    private var unread: Unread?
    /// Requests whose head came, and whose answer is not written in full.
    private(set) var unanswered = 0
    /// Bytes that were written since the last flush.
    private var written = 0

    init(_ deadlines: Deadlines, opened: NIODeadline) {
        self.deadlines = deadlines
        reading = .head(since: opened)
    }

    // MARK: - What happens

    /// Bytes came that complete nothing.
    mutating func readBytes(at now: NIODeadline) {
        if case .nothing = reading { reading = .head(since: now) }
    }

    mutating func readHead(at now: NIODeadline) {
        reading = .body(since: now, bytes: 0)
        unanswered += 1
    }

    mutating func readBody(_ count: Int) {
        if case .body(let since, let bytes) = reading { reading = .body(since: since, bytes: bytes + count) }
    }

    mutating func readEnd(at now: NIODeadline) { reading = .nothing(since: now) }

    mutating func wrote(_ count: Int) { written += count }

    mutating func wroteEnd(at now: NIODeadline) {
        unanswered = max(0, unanswered - 1)
        switch reading {
        case .nothing where unanswered == 0: reading = .nothing(since: now)
        case .head where unanswered == 0: reading = .head(since: now)
        // What came while others were answered is waited for from now on.
        case .body where unanswered <= 1: reading = .body(since: now, bytes: 0)
        default: break
        }
    }

    /// What was written was handed over.
    ///
    /// - Parameter left: bytes that the client's end did not take yet.
    mutating func flushed(left: Int, at now: NIODeadline) {
        // A head and the framing of a body are counted as some bytes.
        let written = written + 1_024
        self.written = 0
        if left == 0 {
            unread = nil
        } else if var unread, left > written {
            unread.bytes += written
            unread.left = left
            self.unread = unread
        } else {
            unread = Unread(since: now, bytes: left, left: left)
        }
    }

    /// How much is left is looked at again.
    mutating func looked(left: Int, at now: NIODeadline) {
        guard unread != nil else { return }
        unread?.left = left
        if left > 0 { return }
        unread = nil
        if case .nothing = reading, unanswered == 0 { reading = .nothing(since: now) }
    }

    // MARK: - Until when

    /// Whether the request whose body is being read is the one whose turn it is.
    var isReadingBody: Bool {
        if case .body = reading { return unanswered <= 1 }
        return false
    }

    /// Bytes of a body that came after its answer, which nobody wants any more.
    var bytesAfterAnswer: Int {
        if case .body(_, let bytes) = reading, unanswered == 0 { return bytes }
        return 0
    }

    /// The next instant at which the connection is closed if nothing changes; nil while it is not the client's turn.
    var deadline: (instant: NIODeadline, reason: Reason)? {
        let ofAnswer = unread.map { unread in
            (unread.since + extended(deadlines.answer, unread.bytes - unread.left), Reason.answer)
        }
        guard let ofRequest else { return ofAnswer }
        guard let ofAnswer else { return ofRequest }
        return ofAnswer.0 < ofRequest.0 ? ofAnswer : ofRequest
    }

    private var ofRequest: (NIODeadline, Reason)? {
        switch reading {
        case .nothing(let since):
            unanswered == 0 && unread == nil ? (since + TimeAmount(deadlines.idle), .idle) : nil
        case .head(let since): unanswered == 0 ? (since + TimeAmount(deadlines.head), .head) : nil
        case .body(let since, let bytes):
            unanswered <= 1 ? (since + extended(deadlines.body, bytes), .body) : nil
        }
    }

    /// A time, or what so many bytes may take when that is longer.
    private func extended(_ time: Duration, _ bytes: Int) -> TimeAmount {
        let time = TimeAmount(time)
        guard deadlines.bytesPerSecond > 0 else { return time }
        return max(time, .milliseconds(Int64(max(0, bytes)) * 1_000 / Int64(deadlines.bytesPerSecond)))
    }
}
