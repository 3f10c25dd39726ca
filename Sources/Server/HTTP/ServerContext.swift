import EventModel
import Hummingbird
import NIOCore
import Synchronization

/// What belongs to one request.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let remote: SocketAddress?
    /// Whom the route's access let in; nil where it lets in anybody.
    var actor: Actor?
    /// With which the actor is signed in.
    var session: Session?
    /// Whether an answer that goes on may do so: until the session ends with which it was asked for.
    var mayGoOn: @Sendable () -> Bool = { true }
    /// What the request is done to, for the audit log, where the path does not say it; nil where nothing is told.
    var subject: Subject?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remote = source.channel.remoteAddress
    }

    /// The address the request came from; nil in tests.
    var address: String? { remote?.ipAddress }

    /// A name that the route's handler finds.
    final class Subject: Sendable {
        private let text = Locked<String?>(nil)

        var name: String? { text.withLock { $0 } }

        func set(_ name: String) { text.withLock { $0 = name } }
    }
}
