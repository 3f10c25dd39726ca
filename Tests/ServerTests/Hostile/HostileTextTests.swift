import Dashboard
import EventModel
import EventStore
import Foundation
import HTTPTypes
import Membership
import Testing

@testable import Server

/// Whatever text comes from outside stands in pages as text (G-W3), and in files as a cell (G-W13).
struct HostileTextTests {
    /// A store in which every text that somebody else decides is one of some texts.
    private struct Store {
        let shop: Shop
        let texts: [String]
        /// The paths of all its pages.
        private(set) var paths: [String] = [
            "/", "/segments", "/segments/buyers", "/segments/buyers/members", "/segments/buyers/members?page=2",
            "/segments/titled", "/segments/titled/edit", "/segments/titled/members", "/segments/new", "/profiles",
            "/data",
            "/data/live", "/data/rejects", "/data/products", "/data/import", "/settings", "/settings/users",
            "/settings/audit",
            "/settings/keys", "/settings/webhooks", "/settings/workspace", "/api", "/password",
        ]
        /// Pages that are made in answer to a form, by what was asked.
        private(set) var answers: [(path: String, page: String)] = []

        /// - Parameter others: so many people beside those of the texts, that lists have several pages.
        init(_ texts: [String], others: Int = 0) async throws {
            self.texts = texts
            shop = try await Shop(.admin)
            for number in 0..<others {
                let body = #"{"event": "Order Completed", "userId": "other\#(number)", "properties": {"revenue": 1}}"#
                _ = try await shop.served.post("/v1/track", body)
            }
            try await send()
            try await define()
            try await settle()
            try await importFile()
        }

        private func json(_ text: String) -> String { JSONWriter.text(of: .text(text)) }

        private mutating func send() async throws {
            for (number, text) in texts.enumerated() {
                let value = json(text)
                // An id has to be one of its own, also where a text is refused as one.
                let id = json("\(text)\(number)")
                shop.served.clock.advance(milliseconds: 1_000)
                let context = """
                    {"page": {"url": \(value), "referrer": \(json("https://" + text)), "title": \(value)}, "userAgent": \(value),
                     "campaign": {"name": \(value), "source": \(value), "medium": \(value), "term": \(value)}}
                    """
                let product = """
                    {"product_id": \(value), "name": \(value), "category": \(value), "brand": \(value), "price": 5, "quantity": 1}
                    """
                for body in [
                    #"{"event": "Product Viewed", "userId": \#(id), "anonymousId": \#(json("anon \(text)\(number)")), "properties": \#(product), "context": \#(context)}"#,
                    #"{"event": "Product Added", "userId": \#(id), "properties": \#(product), "context": \#(context)}"#,
                    #"{"event": "Order Completed", "userId": \#(id), "properties": {"order_id": \#(id), "revenue": 9, "coupon": \#(value), "products": [\#(product)]}}"#,
                    #"{"event": \#(value), "userId": \#(id), "properties": {"plain": \#(value), \#(value): \#(value)}}"#,
                    #"{"event": "Survey Answered", "userId": \#(id), "properties": {"survey": \#(value), "score": \#(value), "comment": \#(value)}}"#,
                    #"{"event": "Consent Updated", "userId": \#(id), "properties": {"purpose": \#(value), "state": \#(value)}}"#,
                    #"{"event": "Refused", "userId": "", "properties": {"a": \#(value)}}"#,
                ] { _ = try await shop.served.post("/v1/track", body) }
                let traits = """
                    {"name": \(value), "email": \(value), "country": \(value), \(value): \(value), "more": {\(value): [\(value)]}}
                    """
                _ = try await shop.served.post("/v1/identify", #"{"userId": \#(id), "traits": \#(traits)}"#)
                _ = try await shop.served.post("/v1/track", #"{"event": \#(value), "userId": 7"#)
                _ = try shop.served.store.addProducts([try JSONReader.parse(Array(product.utf8))])
            }
        }

        private func define() async throws {
            let title = texts.joined(separator: " ").unicodeScalars.filter {
                $0.value >= 0x20 && $0 != "\"" && $0 != "\\"
            }
            let words = String(String.UnicodeScalarView(title))
            shop.served.definitions.put("segment titled \"\(words)\": did \"\(words)\" or did \"Order Completed\"")
            try await shop.served.server.segments.load()
            try await shop.served.server.segments.memberships.catchUp()
        }

        /// Users, keys, webhooks and the workspace.
        private mutating func settle() async throws {
            let server = shop.served.server
            for (number, text) in texts.enumerated() {
                if let email = EmailAddress("u\(number)@shop.example") {
                    _ = try server.users.add(email, name: Text(text), role: .viewer, by: .command)
                }
                _ = try server.keys.add(.write, name: Text(text))
                try server.users.audit.append("segment-saved", text, by: .nobody(address: text))
                let made = try await shop.form(
                    "/settings/webhooks", ["url": "https://crm.example/?\(number)", "description": text])
                answers.append(("/settings/webhooks", made.page))
                let id = pathPart("\(text)\(number)")
                paths += ["/profiles/\(id)", "/data/events/\(pathPart(text))"]
                if number % 8 == 0 { paths.append("/profiles/\(id)/why/titled") }
            }
            // What is typed is shown again, so several texts stand in one field.
            for start in stride(from: 0, to: texts.count, by: 6) {
                let text = texts[start..<min(start + 6, texts.count)].joined(separator: "|")
                for (path, form) in [
                    ("/settings/webhooks", ["url": text, "description": text, "segments": text]),
                    ("/settings/keys", ["name": "import/" + text, "kind": text]),
                    ("/settings/users", ["email": text, "name": text, "role": text]),
                    ("/settings/workspace", ["name": text + "/", "zone": text, "currency": text]),
                    ("/segments/new", ["definition": text, "action": "check"]),
                ] as [(String, KeyValuePairs<String, String>)] {
                    answers.append((path, try await shop.form(path, form).page))
                }
                for path in ["/profiles", "/segments/buyers/members", "/data/products"] {
                    answers.append((path, try await shop.page("\(path)?q=\(pathPart(text))").page))
                }
                answers.append(
                    (
                        "/login",
                        try await shop.served.form("/login", ["email": text, "password": "x", "back": text]).page
                    ))
            }
            try server.records.note(
                BackupRecord(
                    path: texts.joined(separator: "/"), made: shop.served.clock.now(), files: 1, bytes: 1, messages: 1,
                    verified: nil))
            try server.users.audit.append("login-failed", "x", by: .nobody(address: nil))
        }

        /// Files whose names, columns and cells are such texts.
        private mutating func importFile() async throws {
            func cell(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
            let header = "customer_id,order_id,date,amount," + texts.map(cell).joined(separator: ",")
            for (number, text) in texts.enumerated() {
                let row = "c\(number),o\(number),2026-01-01,5," + texts.map { _ in cell(text) }.joined(separator: ",")
                let bad =
                    "c\(number),o\(number),\(cell(text)),\(cell(text)),"
                    + texts.map { _ in cell(text) }.joined(separator: ",")
                let name = text.replacing("\"", with: "%22").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
                let path = try await shop.uploaded("x\(name)", "\(header)\n\(row)\n\(bad)\n")
                guard number % 8 == 0 else {
                    answers.append((path, try await shop.page(path).page))
                    _ = try await shop.form(path, ["do": "discard"])
                    continue
                }
                let wrong = try await shop.form(
                    path, ["kind": text, "zone": text, "currency": text, "c0": text, "k-event": text])
                answers.append((path, wrong.page))
                _ = try await shop.imported(path)
                paths.append(path)
            }
        }

        private static let typeOptions = HTTPField.Name("X-Content-Type-Options") ?? .contentType

        /// All pages, each with its path.
        func pages() async throws -> [(path: String, page: String)] {
            var pages = answers
            for path in paths {
                let answer = try await shop.page(path)
                #expect([200, 404].contains(answer.status), "\(path): \(answer.status)")
                guard answer.headers[.contentType]?.hasPrefix("text/html") == true else {
                    // A path that no page has; browsers do not take that for a page.
                    #expect(answer.code == "not-found" && answer.headers[Self.typeOptions] == "nosniff", "\(path)")
                    continue
                }
                #expect(answer.headers[.contentSecurityPolicy]?.contains("'unsafe") == false, "\(path)")
                pages.append((path, answer.page))
            }
            return pages
        }
    }

    /// Elements and attributes, each as `name` and `name attribute`.
    private func shape(_ page: ParsedPage) -> Set<String> {
        Set(
            page.elements.flatMap { element in [element.name] + element.attributes.map { "\(element.name) \($0.name)" }
            })
    }

    @Test(.timeLimit(.minutes(10)))
    func `no text of somebody else becomes an element, an attribute or an address`() async throws {
        let texts = HostileTexts.all
        #expect(texts.count >= 80 && Set(texts).count == texts.count)
        let plain = try await Store((0..<12).map { "plain\($0)" }, others: 60).pages().map { ParsedPage($0.page) }
        let known = plain.reduce(into: Set<String>()) { $0.formUnion(shape($1)) }
        #expect(plain.allSatisfy { $0.oddities.isEmpty }, "the pages themselves are whole")

        var shown: Set<String> = []
        for (path, html) in try await Store(texts).pages() {
            let page = ParsedPage(html)
            #expect(shape(page).subtracting(known) == [], "\(path)")
            #expect(page.oddities == [], "\(path)")
            for element in page.elements { check(element, path) }
            for text in texts where page.text.contains(text) { shown.insert(text) }
        }
        // What is never seen would prove nothing. A NUL is shown as a replacement, white space may be cut.
        let unseen = texts.filter {
            !shown.contains($0) && !$0.unicodeScalars.contains("\u{0}") && $0.first?.isWhitespace == false
        }
        #expect(unseen == [])
    }

    private func check(_ element: ParsedPage.Element, _ path: String) {
        for attribute in element.attributes {
            #expect(!attribute.name.hasPrefix("on") && attribute.name != "style", "\(path): \(element)")
            guard ["href", "src", "action", "formaction", "data", "poster"].contains(attribute.name) else { continue }
            let value = attribute.value
            let isOurs =
                (value.hasPrefix("/") && !value.hasPrefix("//")) || value.hasPrefix("#") || value.isEmpty
                || (element.name == "link" && value.hasPrefix("data:image/svg+xml,"))
            #expect(isOurs, "\(path): \(element)")
        }
        if element.name == "script" {
            #expect(element["nonce"] != nil || element["src"]?.hasPrefix("/assets/") == true, "\(path)")
        }
        if element.name == "meta", element["http-equiv"] != nil {
            #expect(Int(element["content"] ?? "") != nil, "\(path)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `the file of members has as many cells in each line, and none that begins a formula`() async throws {
        let shop = try await Shop()
        for (number, text) in HostileTexts.all.enumerated() {
            let (id, value) = (JSONWriter.text(of: .text("\(text)\(number)")), JSONWriter.text(of: .text(text)))
            _ = try await shop.served.post(
                "/v1/identify", #"{"userId": \#(id), "traits": {"name": \#(value), "email": \#(value)}}"#)
            _ = try await shop.served.post(
                "/v1/track", #"{"event": "Order Completed", "userId": \#(id), "properties": {"order_id": \#(id)}}"#)
        }
        try await shop.served.server.segments.memberships.catchUp()
        let answer = try await shop.page("/segments/buyers/members.csv")
        #expect(answer.headers[.contentType] == "text/csv; charset=utf-8")
        let rows = try #require(cells(answer.page))
        #expect(rows.count >= HostileTexts.all.count && rows.allSatisfy { $0.count == 6 })
        for cell in rows.joined() where Decimal128(jsonNumber: Text(cell)) == nil {
            let seen = cell.unicodeScalars.first {
                !$0.properties.isWhitespace && $0.properties.generalCategory != .format
            }
            #expect(seen.map { !"=+-@＝＋－＠".unicodeScalars.contains($0) } ?? true, "\(cell)")
            #expect(cell.unicodeScalars.first.map { !"\t\r\n".unicodeScalars.contains($0) } ?? true, "\(cell)")
        }
    }

    /// A file of RFC 4180; nil when a quote is not where one may be.
    private func cells(_ text: String) -> [[String]]? {
        var rows: [[String]] = [[""]]
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        func add(_ scalar: Unicode.Scalar) {
            rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
        }
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"":
                scalars.removeFirst()
                add(scalar)
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: rows[rows.count - 1].append("")
            case "\r" where !isQuoted && scalars.first == "\n":
                scalars.removeFirst()
                rows.append([""])
            case "\r" where !isQuoted, "\n" where !isQuoted: return nil
            default: add(scalar)
            }
        }
        if rows.last == [""] { rows.removeLast() }
        return isQuoted ? nil : rows
    }
}
