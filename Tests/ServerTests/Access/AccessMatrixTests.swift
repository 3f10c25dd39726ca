import EventModel
import HTTPTypes
import Testing

@testable import Server

/// Every route, asked by everybody: who is let in is what the route declares, and nothing else.
struct AccessMatrixTests {
    enum Asker: String, CaseIterable {
        case nobody, writeKey, secretKey, disabledKey, madeUpKey
        case viewer, editor, admin, signedOut, expired, disabledUser, madeUpSession

        var role: Role? { Role(rawValue: rawValue) }
    }

    enum Verdict: Equatable {
        case letIn
        case refused(Int)
        case sentToSignIn
    }

    static func expected(_ access: RouteDescription.Access, _ asker: Asker) -> Verdict {
        let isRefusedKey = asker == .disabledKey || asker == .madeUpKey
        let isKey = isRefusedKey || asker == .writeKey || asker == .secretKey
        switch access {
        case .anybody, .page: return .letIn
        case .ownPage, .editorPage, .adminPage:
            guard let role = asker.role, let needed = access.role else { return .sentToSignIn }
            return role >= needed ? .letIn : .refused(403)
        case .writeKey: return isKey && !isRefusedKey ? .letIn : .refused(401)
        case .admin where isKey: return .refused(403)
        case .viewer, .editor, .secretKey, .admin:
            if asker == .secretKey { return .letIn }
            if asker == .writeKey { return .refused(403) }
            guard let role = asker.role, let needed = access.role else { return .refused(401) }
            return role >= needed ? .letIn : .refused(403)
        }
    }

    /// A served store with everybody in it.
    private final class Cast {
        let served: Served
        private var fields: [Asker: [String: String]] = [:]
        private var users: [Asker: User] = [:]

        init() async throws {
            served = try Served()
            _ = try served.user("root@shop.example", .admin)
            let expired = try served.user("expired@shop.example", .admin)
            fields[.expired] = try served.signedIn(expired)
            served.clock.advance(milliseconds: 8 * 86_400_000)
            for asker in [Asker.viewer, .editor, .admin] {
                users[asker] = try served.user("\(asker.rawValue)@shop.example", asker.role ?? .viewer)
            }
            let gone = try served.user("gone@shop.example", .admin)
            let token = try served.server.users.sessions.begin(gone.id, isSecure: false)
            _ = try served.server.users.setDisabled(true, gone, by: .command)
            fields[.disabledUser] = cookie(token)
            let out = try served.user("out@shop.example", .admin)
            fields[.signedOut] = try served.signedIn(out)
            _ = try await served.form("/logout", [:], fields[.signedOut] ?? [:])
            fields[.madeUpSession] = cookie(RandomToken(SystemRandom()).text)
            fields[.writeKey] = ["Authorization": "Bearer \(served.keys.write)"]
            fields[.secretKey] = ["Authorization": "Bearer \(served.keys.secret)"]
            let keys = served.server.keys
            let disabled = try keys.add(.secret, name: "old")
            try keys.disable(AccessKey.digest(of: disabled))
            fields[.disabledKey] = ["Authorization": "Bearer \(disabled)"]
            let (_, madeUp) = AccessKey.make(.secret, name: "x", at: Served.now, SystemRandom())
            fields[.madeUpKey] = ["Authorization": "Bearer \(madeUp)"]
        }

        private func cookie(_ token: String) -> [String: String] {
            ["Cookie": "shoal=\(token)", "Origin": "http://shop.example"]
        }

        /// What a request of theirs carries; whoever is signed in is so anew each time, since one request signs out.
        func fields(of asker: Asker) throws -> [String: String] {
            try users[asker].map { try served.signedIn($0) } ?? fields[asker] ?? ["Origin": "http://shop.example"]
        }
    }

    @Test func `there are no routes but those that are listed, and they let in whom they are listed with`() throws {
        let served = try Served()
        var found: [String: RouteDescription.Access] = [:]
        for (method, path, description) in served.server.described {
            #expect(found.updateValue(description.access, forKey: "\(method.rawValue) \(path)") == nil)
        }
        for (route, access) in RouteInventory.routes { #expect(found[route] == access, "\(route)") }
        #expect(Set(found.keys).subtracting(RouteInventory.routes.keys) == [])
    }

    @Test func `every route lets in whom it declares, and nobody else`() async throws {
        let cast = try await Cast()
        var wrong: [String] = []
        for (method, path, description) in cast.served.server.described {
            for asker in Asker.allCases {
                var fields = try cast.fields(of: asker)
                let isForm = description.access.isPage
                if isForm { fields["Origin"] = "http://shop.example" }
                fields["Content-Type"] = isForm ? "application/x-www-form-urlencoded" : "application/json"
                let body = isForm ? [] : RouteInventory.body(of: description)
                let answer = try await cast.served.send(method, RouteInventory.path(path), body, fields)
                let verdict = verdict(answer, description.access)
                let expected = Self.expected(description.access, asker)
                if verdict != expected {
                    wrong.append("\(method) \(path) by \(asker): \(verdict), not \(expected); \(answer.json)")
                }
                if verdict == .letIn, description.access.role != nil, answer.status == 200 {
                    #expect(answer.headers[.cacheControl] == "no-store", "\(method) \(path)")
                }
                if case .refused(let status) = verdict, !isForm {
                    #expect(answer["status"] == .count(status) && answer.code != nil)
                }
            }
        }
        #expect(wrong == [])
        #expect(cast.served.server.users.all.count == 7, "nobody was made or changed on the way")
    }

    private func verdict(_ answer: Served.Answer, _ access: RouteDescription.Access) -> Verdict {
        let goesTo = answer.headers[.location] ?? ""
        if access.isPage, access != .page, answer.status == 303, answer.headers[.setCookie] == nil,
            ["/login", "/login?unsaved"].contains(goesTo) || goesTo.hasPrefix("/login?back=%2F")
        {
            return .sentToSignIn
        }
        if access.isPage {
            let refusals = ["does not come from a page", "This page needs the role"]
            return refusals.contains { answer.page.contains($0) } ? .refused(403) : .letIn
        }
        return answer.status == 401 || answer.status == 403 ? .refused(answer.status) : .letIn
    }

    @Test func `what changes something is in the audit log`() throws {
        // Users, keys and imports write their own entries; these change nothing that lasts.
        let silent: Set = [
            "POST /v1/segments:preview", "POST /v1/definitions:convert", "POST /v1/users", "PATCH /v1/users/{id}",
            "POST /v1/users/{id}/link", "POST /v1/imports", "POST /v1/keys",
            "POST /v1/keys/{id}/disable",
        ]
        for (method, path, description) in try Served().server.described {
            guard description.access.role != nil, !description.access.isPage, !OriginCheck.isSafe(method) else {
                #expect(description.action == nil, "\(method) \(path)")
                continue
            }
            let isSilent = silent.contains("\(method.rawValue) \(path)")
            #expect((description.action == nil) == isSilent, "\(method) \(path)")
        }
    }

    // MARK: - Other sites

    @Test(arguments: [
        ["Origin": "https://evil.example"], ["Origin": "null"], [:], ["Origin": ""],
        ["Origin": "http://shop.example:81"],
        ["Origin": "http://shop.example.evil.example"], ["Origin": "file://shop.example"], ["Origin": "shop.example"],
        ["Origin": "http://evil.example/http://shop.example"],
        ["Origin": "http://shop.example", "Sec-Fetch-Site": "cross-site"],
        ["Origin": "http://shop.example", "Sec-Fetch-Site": "same-site"],
        ["Origin": "http://shop.example", "Sec-Fetch-Site": "none"],
    ])
    func `no other site changes anything with a session, nor sends our forms`(origin: [String: String]) async throws {
        let served = try Served()
        let admin = try served.user("ann@shop.example", .admin)
        var signedIn = try served.signedIn(admin)
        signedIn["Origin"] = nil
        let before = try served.actions()
        var asked = 0
        for (method, path, description) in served.server.described where !OriginCheck.isSafe(method) {
            guard description.access.role != nil || description.access.isPage else { continue }
            // As JSON, and as the forms that any page can send without a question before.
            for type in ["application/json", "text/plain", "application/x-www-form-urlencoded"] {
                let fields = signedIn.merging(origin) { $1 }.merging(["Content-Type": type]) { $1 }
                let answer = try await served.send(
                    method, RouteInventory.path(path), RouteInventory.body(of: description), fields)
                #expect(answer.status == 403, "\(method) \(path) \(type)")
                #expect(answer.code == "foreign-request" || answer.page.contains("does not come from a page"))
                #expect(answer.headers[.setCookie] == nil)
                asked += 1
            }
        }
        #expect(asked > 50)
        #expect(try served.actions() == before)
        #expect(served.server.users.sessions.count(of: admin.id) == 1)
    }

    @Test func `our own pages change things, over HTTP and HTTPS, whatever the case`() async throws {
        let served = try Served()
        let admin = try served.user("ann@shop.example", .admin)
        for origin in ["http://shop.example", "https://shop.example", "https://SHOP.example"] {
            var fields = try served.signedIn(admin)
            fields["Origin"] = origin
            fields["Sec-Fetch-Site"] = "same-origin"
            let answer = try await served.send(
                .post, "/v1/webhooks", Array(#"{"url":"https://shop.example/hook"}"#.utf8), fields)
            #expect(answer.status == 200, "\(origin)")
        }
    }

    @Test func `pages of other origins may send messages, and read nothing that needs more than a write key`()
        async throws
    {
        let served = try Served()
        for (method, path, description) in served.server.described {
            let isOpen = description.access == .anybody || description.access == .writeKey
            let path = RouteInventory.path(path)
            let fields = ["Origin": "https://shop.example", "Access-Control-Request-Method": method.rawValue]
            let before = try await served.send(.options, path, [], fields)
            let answer = try await served.send(method, path, [], fields)
            for headers in [before.headers, answer.headers] {
                #expect(headers[.accessControlAllowOrigin] == (isOpen ? "*" : nil), "\(method) \(path)")
                #expect(headers[.accessControlAllowCredentials] == nil)
            }
        }
    }

    // MARK: - Excess fields

    @Test func `what configures something refuses members that are not known`() async throws {
        let served = try Served()
        let admin = try served.user("ann@shop.example", .admin)
        let webhook = try await served.send(
            .post, "/v1/webhooks", Array(#"{"url":"https://shop.example/hook"}"#.utf8), served.signedIn(admin))
        let id = try #require(webhook["id"]?.text?.string)
        var asked = 0
        for (method, path, description) in served.server.described {
            guard description.body != nil, description.access != .writeKey else { continue }
            let path = path.replacing("users/{id}", with: "users/\(admin.id)").replacing("{id}", with: id)
            var body = try #require(try JSONReader.parse(RouteInventory.body(of: description)).object)
            body.append("isAdmin", .bool(true))
            var fields = try served.signedIn(admin)
            fields["Content-Type"] = "application/json"
            let answer = try await served.send(
                method, RouteInventory.path(path), JSONWriter.bytes(of: .object(body)), fields)
            #expect(answer.status == 400, "\(method) \(path)")
            asked += 1
        }
        #expect(asked >= 8)
    }
}
