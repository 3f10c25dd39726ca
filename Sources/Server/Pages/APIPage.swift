import Dashboard
import EventModel
import HTTPTypes
import Hummingbird

/// `/api`: what programs may ask.
struct APIPage: Sendable {
    /// To be added when the routes of the API are, which it shows.
    func add(to routes: inout Routes) {
        let api = RouteDescription("What the API takes, for people.", access: .ownPage, answer: nil)
        let described = routes.described.filter { !$0.description.access.isPage }
        routes.get("/api", api) { _, context in try self.api(described, context) }
    }

    private typealias Described = (method: HTTPRequest.Method, path: String, description: RouteDescription)

    private func api(_ described: [Described], _ context: ServerContext) throws -> Response {
        let list = Self.joined(described).map { method, paths, description -> HTML in
            let ways = paths.map { path -> HTML in
                "<code><span class=\"method\">\(method.rawValue)</span> \(path)</code><br>\n"
            }
            return """
                <li>\(ways)<p>\(description.summary) \(Self.who(description.access))</p></li>

                """
        }
        let body: HTML = """
            \(Pieces.head("The API", back: ("/settings", "Settings"), about: """
                Programs send a key as bearer token; what is said of users counts for whoever is signed in. \
                <a href="/openapi.json">openapi.json</a> says the same, and what goes in and comes out.
                """))
            <section class="card" aria-label="Routes"><ul class="ways">
            \(list)</ul></section>
            """
        return Page(Shell(title: "The API", viewer: try context.viewer(), place: .settings, body: body)).response
    }

    /// Routes in their order; those that do the same under several paths are one.
    private static func joined(
        _ described: [Described]
    ) -> [(method: HTTPRequest.Method, paths: [String], description: RouteDescription)] {
        var joined: [(method: HTTPRequest.Method, paths: [String], description: RouteDescription)] = []
        for (method, path, description) in described {
            let same = joined.firstIndex { $0.method == method && $0.description.summary == description.summary }
            if let same { joined[same].paths.append(path) } else { joined.append((method, [path], description)) }
        }
        return joined
    }

    private static func who(_ access: RouteDescription.Access) -> String {
        switch access {
        case .writeKey: "For any key."
        case .viewer: "For a secret key, and all users."
        case .editor: "For a secret key, editors and admins."
        case .secretKey: "For a secret key, and admins."
        case .admin: "For admins."
        case .anybody, .page, .ownPage, .editorPage, .adminPage: "For anybody."
        }
    }
}
