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
        routes.get("/api", api) { _, context in self.api(described, context) }
    }

    private func home(_ context: ServerContext) throws -> Response {
        let snapshot = try store.snapshot()
        let figures: [(String, Int)] = [
            ("profiles", snapshot.profileCount), ("messages", Int(clamping: try store.counters().stored)),
            ("segments", memberships.condition.segments),
        ]
        let shown = figures.map { name, count -> HTML in
            "<div><dt>\(name)</dt><dd>\(Self.grouped(count))</dd></div>\n"
        }
        let body: HTML = """
            <div class="wide">
            <h1>\(Self.name(of: store.directory))</h1>
            <p class="soft">Days begin and end by \(snapshot.settings.zone.identifier) time.</p>
            <dl class="figures">
            \(shown)</dl>
            <h2>What there is</h2>
            <ul class="ways">
            <li><a href="/api">The API</a><p>Segments, members, changes, webhooks and messages, for programs.</p></li>
            <li><a href="/openapi.json">openapi.json</a><p>The same in OpenAPI 3.1, for tools.</p></li>
            <li><a href="/password">Your password</a><p>Choose another; you are signed out everywhere else.</p></li>
            </ul>
            </div>
            """
        return Page(title: Self.name(of: store.directory), user: user(context), body: body).response
    }

    private typealias Described = (method: HTTPRequest.Method, path: String, description: RouteDescription)

    private func api(_ described: [Described], _ context: ServerContext) -> Response {
        let list = Self.joined(described).map { method, paths, description -> HTML in
            let ways = paths.map { path -> HTML in
                "<code><span class=\"method\">\(method.rawValue)</span> \(path)</code><br>\n"
            }
            return """
                <li>\(ways)<p>\(description.summary) \(Self.who(description.access))</p></li>

                """
        }
        let body: HTML = """
            <div class="wide">
            <p class="back"><a href="/">To the start page</a></p>
            <h1>The API</h1>
            <p class="soft">Programs send a key as bearer token; what is said of users counts for whoever is signed in.
            <a href="/openapi.json">openapi.json</a> says the same, and what goes in and comes out.</p>
            <ul class="ways">
            \(list)</ul>
            </div>
            """
        return Page(title: "The API", user: user(context), body: body).response
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
        case .anybody, .page, .ownPage: "For anybody."
        }
    }

    private func user(_ context: ServerContext) -> User? {
        if case .user(let user, _)? = context.actor { user } else { nil }
    }

    /// A workspace is called as its data directory is.
    private static func name(of directory: String) -> String {
        directory.split(separator: "/").last.map(String.init) ?? "Shoal"
    }

    /// `1,234,567`
    private static func grouped(_ count: Int) -> String {
        let digits = Array(String(count))
        let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[max(0, $0 - 3)..<$0]) }
        return groups.reversed().joined(separator: ",")
    }
}
