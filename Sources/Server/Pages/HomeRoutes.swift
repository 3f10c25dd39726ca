import Dashboard
import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import Membership

/// `/`: what this workspace is and what there is to do; and `/api`: what programs may ask it.
struct HomeRoutes: Sendable {
    let store: EventStore
    let memberships: Memberships

    /// To be added when the routes of the API are, which it shows.
    func add(to routes: inout Routes) {
        let home = RouteDescription("The start page.", access: .ownPage, answer: nil)
        routes.get("/", home) { _, context in try self.home(context) }
        let api = RouteDescription("What the API takes, for people.", access: .ownPage, answer: nil)
        let described = routes.described.filter { !$0.description.access.isPage }
        routes.get("/api", api) { _, context in try self.api(described, context) }
    }

    private func home(_ context: ServerContext) throws -> Response {
        let snapshot = try store.snapshot()
        let figures: [(String, Int)] = [
            ("profiles", snapshot.profileCount), ("messages", Int(clamping: try store.counters().stored)),
            ("segments", memberships.condition.segments),
        ]
        let shown = figures.map { name, count -> HTML in
            "<div><dt>\(name)</dt><dd>\(grouped(count))</dd></div>\n"
        }
        let body: HTML = """
            \(Pieces.head(Self.name(of: store.directory), about: "Days begin and end by \(snapshot.settings.zone.identifier) time."))
            <dl class="figures">
            \(shown)</dl>
            <section class="card"><h2>What there is</h2>
            <ul class="ways">
            <li><a href="/segments">Segments</a><p>Who your shoppers are, live: sizes, trends, members, and why.</p></li>
            <li><a href="/api">The API</a><p>Segments, members, changes, webhooks and messages, for programs.</p></li>
            <li><a href="/openapi.json">openapi.json</a><p>The same in OpenAPI 3.1, for tools.</p></li>
            <li><a href="/password">Your password</a><p>Choose another; you are signed out everywhere else.</p></li>
            </ul></section>
            """
        return Page(
            Shell(title: Self.name(of: store.directory), viewer: try context.viewer(), place: .overview, body: body)
        ).response
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

    /// A workspace is called as its data directory is.
    static func name(of directory: String) -> String {
        directory.split(separator: "/").last.map(String.init) ?? "Shoal"
    }
}
