import EventModel
import HTTPTypes
import Membership

@testable import Server

/// A served store with a few shoppers, and somebody who looks at it.
struct Shop {
    let served: Served
    private let user: User

    static let definitions = """
        segment buyers "Buyers": did "Order Completed"
        segment again "Buyers again": did "Order Completed" at least 2 times
        segment shoppers "Shoppers": did "Order Completed"
        segment nobody: did "Never Happened"
        metric spent "Spent": sum(revenue of "Order Completed")
        """

    /// - Parameter role: whose eyes it is seen with.
    init(_ role: Role = .editor) async throws {
        served = try Served()
        served.definitions.put(Self.definitions)
        try await served.server.segments.load()
        user = try served.user("ann@shop.example", role)
        for (user, revenue) in [("ada", 20), ("bob", 300), ("ada", 30)] { try await order(user, revenue) }
        try await track(#"{"event": "Product Viewed", "userId": "cy", "properties": {"product_id": "p1"}}"#)
        try await identify("ada", #"{"email": "ada@shop.example", "name": "Ada <b>&", "country": "DE"}"#)
    }

    /// What a request of theirs carries, who signed in just now.
    func fields() throws -> [String: String] { try served.signedIn(user) }

    func order(_ user: String, _ revenue: Int) async throws {
        served.clock.advance(milliseconds: 60_000)
        try await track(
            """
            {"event": "Order Completed", "userId": "\(user)", "properties": {"order_id": "\(user)-\(revenue)",
             "revenue": \(revenue), "products": [{"product_id": "p1", "category": "Fish"}]}}
            """)
    }

    func track(_ body: String) async throws {
        _ = try await served.post("/v1/track", body)
        try await served.server.segments.memberships.catchUp()
    }

    func identify(_ user: String, _ traits: String) async throws {
        _ = try await served.post("/v1/identify", #"{"userId": "\#(user)", "traits": \#(traits)}"#)
        try await served.server.segments.memberships.catchUp()
    }

    func page(_ path: String) async throws -> Served.Answer { try await served.send(.get, path, [], fields()) }

    /// A page, when its figures are there: it says that it wants to be loaded anew until then.
    func report(_ path: String) async throws -> Served.Answer {
        var answer = try await page(path)
        while answer.page.contains("http-equiv=\"refresh\"") { answer = try await page(path) }
        return answer
    }

    func form(_ path: String, _ values: KeyValuePairs<String, String>) async throws -> Served.Answer {
        try await served.form(path, values, fields())
    }
}
