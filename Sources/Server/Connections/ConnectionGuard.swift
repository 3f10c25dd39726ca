import EventModel
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Stands between a connection and the routes: closes it when the client is too slow, and answers what is no request, or
/// one too many, in the one shape of errors.
///
/// All clients share its `ConnectionCounter`; everything else belongs to one connection, and is only touched on its loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let deadlines: Deadlines
    private let counter: ConnectionCounter
    private let metrics: ServerMetrics

    private var times: ConnectionTimes?
    private var timer: (task: Scheduled<Void>, at: NIODeadline)?
    /// Whether something of a request came since the last look.
    private var hasPart = false
    /// Whether the head of an answer was written, and its end not.
    private var isAnswering = false
    /// What is to be said when it is its turn, and nothing after it.
    private var refusal: APIError?
    /// Nothing more is read or written.
    private var isOver = false
    private var isCounted = false
    private var isOneTooMany = false

    init(_ deadlines: Deadlines, _ counter: ConnectionCounter, _ metrics: ServerMetrics) {
        self.deadlines = deadlines
        self.counter = counter
        self.metrics = metrics
    }

    // MARK: - The life of a connection

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { open(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        open(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func open(_ context: ChannelHandlerContext) {
        guard times == nil else { return }
        times = ConnectionTimes(deadlines, opened: context.eventLoop.now)
        isOneTooMany = !counter.open()
        isCounted = true
        arm(context)
    }

    private func end() {
        isOver = true
        timer?.task.cancel()
        timer = nil
        if isCounted { counter.close() }
        isCounted = false
    }

    // MARK: - What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasPart = true
        if isOver || refusal != nil { return }
        let now = context.eventLoop.now
        switch unwrapInboundIn(data) {
        case .head(let head):
            times?.readHead(at: now)
            if isOneTooMany { return refuse(.tooManyConnections, context) }
            if (head.path?.utf8.count ?? 0) > Limits.urlBytes.value { return refuse(.urlTooLong, context) }
        case .body(let bytes):
            times?.readBody(bytes.readableBytes)
            if (times?.bytesAfterAnswer ?? 0) > Limits.bytesAfterAnswer.value { return linger(context) }
        case .end: times?.readEnd(at: now)
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !hasPart { times?.readBytes(at: context.eventLoop.now) }
        hasPart = false
        arm(context)
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.invalidEOFState, is IOError, is ChannelError: context.fireErrorCaught(error)
        case HTTPParserError.headerOverflow: refuse(.headTooLarge, context)
        default: refuse(.noRequest, context)
        }
    }

    // MARK: - What is answered

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isOver {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        context.write(data, promise: promise)
        switch unwrapOutboundIn(data) {
        case .head(let head): isAnswering = head.status.kind != .informational
        case .body(let bytes): times?.wrote(bytes.readableBytes)
        case .end:
            isAnswering = false
            times?.wroteEnd(at: context.eventLoop.now)
        }
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        if isOver { return }
        if let left = unread(context) { times?.flushed(left: left, at: context.eventLoop.now) }
        if let refusal, !isAnswering { refuse(refusal, context) } else { arm(context) }
    }

    /// Bytes of answers that the client's end has not taken.
    private func unread(_ context: ChannelHandlerContext) -> Int? {
        try? context.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
    }

    // MARK: - Ending it

    /// Answers with an error as soon as all requests before are answered, and closes the connection.
    private func refuse(_ error: APIError, _ context: ChannelHandlerContext) {
        // What comes after something that cannot be read is no news.
        let error = refusal ?? error
        refusal = error
        guard !isOver, let times else { return }
        let own = times.isReadingBody ? 1 : 0
        guard times.unanswered <= own, !isAnswering else { return }
        // The request that it is about was answered before it ended: there is nothing to say any more.
        if own == 1, times.unanswered == 0 { return close(context) }
        say(error, context)
    }

    private func say(_ error: APIError, _ context: ChannelHandlerContext) {
        metrics.countRequest(status: error.status.code)
        let body = ByteBuffer(bytes: JSONWriter.bytes(of: error.json))
        var headers = error.response.headers
        headers[.xContentTypeOptions] = "nosniff"
        headers[.connection] = "close"
        headers[.contentLength] = String(body.readableBytes)
        let head = HTTPResponse(status: error.status, headerFields: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }

    /// Throws away for a moment what still comes: closed at once, an answer could be lost with it.
    private func linger(_ context: ChannelHandlerContext) {
        isOver = true
        context.close(mode: .output, promise: nil)
        schedule(context, at: context.eventLoop.now + .seconds(Int64(Limits.lingerSeconds.value)))
    }

    private func close(_ context: ChannelHandlerContext) {
        isOver = true
        context.close(promise: nil)
    }

    // MARK: - Time

    /// Makes sure that somebody looks at the connection when its deadline comes.
    private func arm(_ context: ChannelHandlerContext) {
        guard !isOver, let (instant, _) = times?.deadline else { return }
        // One that comes too early looks again; so a busy connection sets its timer rarely.
        if let timer, timer.at <= instant { return }
        schedule(context, at: instant)
    }

    private func schedule(_ context: ChannelHandlerContext, at instant: NIODeadline) {
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: instant) { self.look(context) }
        timer = (task, instant)
    }

    private func look(_ context: ChannelHandlerContext) {
        timer = nil
        // It lingered long enough.
        if isOver { return context.close(promise: nil) }
        let now = context.eventLoop.now
        if let left = unread(context) { times?.looked(left: left, at: now) }
        guard let (instant, reason) = times?.deadline, instant <= now else { return arm(context) }
        metrics.countClosed(reason)
        if reason == .body, !isAnswering, times?.unanswered == 1 {
            say(.tooSlow(deadlines), context)
        } else {
            close(context)
        }
    }
}
