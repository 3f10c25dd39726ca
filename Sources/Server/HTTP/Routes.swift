import EventStore
import HTTPTypes
import Hummingbird
import Logging
import Membership

/// The routes of the server, and the table of their paths. Each is asked only by those whom its description lets in.
struct Routes {
    private(set) var router: Router<ServerContext>
    private(set) var paths = PathTable()
    /// All of them with what they take and answer, in the order in which they were added.
    private(set) var described: [(method: HTTPRequest.Method, path: String, description: RouteDescription)] = []
    private var added: [(HTTPRequest.Method, String, @Sendable (Request, ServerContext) async throws -> Response)] = []

    private let gate: Gate

    init(gate: Gate) {
        self.gate = gate
        router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
    }

    mutating func get(
        _ path: String, _ description: RouteDescription,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        add(.get, path, description, handler)
    }

    mutating func post(
        _ path: String, _ description: RouteDescription,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        add(.post, path, description, handler)
    }

    mutating func put(
        _ path: String, _ description: RouteDescription,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        add(.put, path, description, handler)
    }

    mutating func patch(
        _ path: String, _ description: RouteDescription,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        add(.patch, path, description, handler)
    }

    mutating func delete(
        _ path: String, _ description: RouteDescription,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        add(.delete, path, description, handler)
    }

    /// A route for commands on the same machine, which is not described to others.
    mutating func local(
        _ path: String, _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        paths.add(.post, path)
        added.append((.post, path, Self.inBackground(handler)))
    }

    private mutating func add(
        _ method: HTTPRequest.Method, _ path: String, _ description: RouteDescription,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        paths.add(method, path)
        described.append((method, path, description))
        let guarded = guarded(description, path, handler)
        added.append((method, path, description.access.isOfSenders ? guarded : Self.inBackground(guarded)))
    }

    private static func inBackground(
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) -> @Sendable (Request, ServerContext) async throws -> Response {
        { request, context in try await Background.run { try await handler(request, context) } }
    }

    /// The handler behind its gate; what it did stands in the audit log afterwards.
    private func guarded(
        _ description: RouteDescription, _ path: String,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) -> @Sendable (Request, ServerContext) async throws -> Response {
        let gate = gate
        let parameter = path.split(separator: "/").first { $0.hasPrefix("{") }?.dropFirst().dropLast()
        return { request, context in
            var context = context
            do {
                guard try gate.admit(request, &context, by: description.access) else {
                    return .seeOther(ReturnPath.login(after: request))
                }
                if description.action != nil { context.subject = ServerContext.Subject() }
                var response = try await handler(request, context)
                // What is not for everybody is kept by no cache on the way, nor by the browser.
                if description.access.role != nil { response.headers[.cacheControl] = "no-store" }
                if let action = description.action, let actor = context.actor {
                    let object = context.subject?.name ?? parameter.flatMap { context.parameters.get(String($0)) }
                    do { try gate.users.audit.append(action, object, by: actor) } catch {
                        context.logger.error(
                            "something is not in the audit log", metadata: ["action": "\(action)", "error": "\(error)"])
                    }
                }
                return response
            } catch let error as APIError where description.access.isPage {
                return ErrorPage(error, user: context.user).response
            } catch let error as MembershipError where description.access.isPage {
                return ErrorPage(APIError(error), user: context.user).response
            } catch let error as EventStoreError where description.access.isPage {
                return ErrorPage(APIError(error), user: context.user).response
            }
        }
    }

    /// The router with all routes; middlewares come first, so that they are around all of them.
    func finished(_ metrics: ServerMetrics) -> Router<ServerContext> {
        var open = PathTable()
        for (method, path, description) in described
        where description.access == .anybody || description.access == .writeKey { open.add(method, path) }
        router.addMiddleware {
            SenderCORS(
                paths: open,
                rules: CORSMiddleware(
                    allowOrigin: .all,
                    allowHeaders: [.accept, .authorization, .contentType, .contentEncoding, .xAPIKey],
                    allowMethods: [.get, .post, .head, .options], maxAge: .seconds(86_400)))
            ErrorMiddleware(paths: paths, metrics: metrics)
        }
        for (method, path, handler) in added { router.on(RouterPath(path), method: method, use: handler) }
        return router
    }
}
