import HTTPTypes
import Hummingbird

/// The routes of the server, and the table of their paths.
struct Routes {
    private(set) var router: Router<ServerContext>
    private(set) var paths = PathTable()
    /// All of them with what they take and answer, in the order in which they were added.
    private(set) var described: [(method: HTTPRequest.Method, path: String, description: RouteDescription)] = []
    private var added: [(HTTPRequest.Method, String, @Sendable (Request, ServerContext) async throws -> Response)] = []

    init() {
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
        added.append((.post, path, handler))
    }

    private mutating func add(
        _ method: HTTPRequest.Method, _ path: String, _ description: RouteDescription,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        paths.add(method, path)
        described.append((method, path, description))
        added.append((method, path, handler))
    }

    /// The router with all routes; middlewares come first, so that they are around all of them.
    func finished(_ metrics: ServerMetrics) -> Router<ServerContext> {
        router.addMiddleware {
            CORSMiddleware(
                allowOrigin: .all, allowHeaders: [.accept, .authorization, .contentType, .contentEncoding, .xAPIKey],
                allowMethods: [.get, .post, .head, .options], maxAge: .seconds(86_400))
            ErrorMiddleware(paths: paths, metrics: metrics)
        }
        for (method, path, handler) in added { router.on(RouterPath(path), method: method, use: handler) }
        return router
    }
}
