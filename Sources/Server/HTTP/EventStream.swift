import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// A list as server-sent events that go on: what there is after a position, then what comes, in pieces as it comes.
struct EventStream<Position: Sendable>: Sendable {
    /// What comes after a position, as text of events, and the position of the last; nil: nothing.
    let news: @Sendable (Position) async throws -> (text: ByteBuffer, last: Position)?
    /// Has somebody told whenever there may be news; what it answers ends that.
    let listen: @Sendable (@escaping @Sendable () -> Void) -> @Sendable () -> Void

    /// A comment is sent when nothing happened for so long, so that nobody between takes the connection for dead, s.
    private static var secondsBetweenComments: Int { 15 }

    /// Goes on until the client leaves, `mayGoOn` says no, or the server stops.
    func response(after start: Position, whileOpen mayGoOn: @escaping @Sendable () -> Bool) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        let body = ResponseBody { writer in
            let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            let cancel = listen { signal.yield() }
            defer { cancel() }
            let pulse = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(Self.secondsBetweenComments))
                    signal.yield()
                }
            }
            defer { pulse.cancel() }
            signal.yield()
            var position = start
            for await _ in signals.cancelOnGracefulShutdown() {
                guard mayGoOn() else { break }
                var wrote = false
                while let news = try await news(position) {
                    try await writer.write(news.text)
                    position = news.last
                    wrote = true
                }
                if !wrote { try await writer.write(ByteBuffer(string: ": still here\n\n")) }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
