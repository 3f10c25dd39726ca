import EventModel
import Hummingbird
import NIOCore
import Synchronization

/// What belongs to one request.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The other end of the connection; nil for a socket of the machine.
    let peer: ClientAddress?
    /// Who asks: the peer, or whom a trusted proxy asks for.
    var client: ClientAddress?
    /// Whom the route's access let in; nil where it lets in anybody.
    var actor: Actor?
    /// What the workspace is called; nil: nobody said.
    var workspace: String?
    /// With which the actor is signed in.
    var session: Session?
    /// Whether an answer that goes on may do so: until the session ends with which it was asked for.
    var mayGoOn: @Sendable () -> Bool = { true }
    /// What the request is done to, for the audit log, where the path does not say it; nil where nothing is told.
    var subject: Subject?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress.flatMap { ClientAddress($0) }
        client = peer
    }

    /// The client's address as text; nil in tests.
    var address: String? { client?.text }

    /// A name that the route's handler finds.
    final class Subject: Sendable {
        private let text = Locked<String?>(nil)

        var name: String? { text.withLock { $0 } }

        func set(_ name: String) { text.withLock { $0 = name } }
    }
}
