import Dashboard
import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import NIOCore

/// The pages about what comes in: events, sources, rejects, products, and messages as they come.
struct DataPages: Sendable {
    let sources: DashboardSources
    let names: StoreNames
    let keys: AccessKeys
    let rejects: RejectLog
    let tail: ArrivalTail

    func add(to routes: inout Routes) {
        let data = RouteDescription("The page of what the store holds.", access: .ownPage, answer: nil)
        routes.get("/data", data) { _, context in try self.data(context) }
        let event = RouteDescription("The page of an event's properties.", access: .ownPage, answer: nil)
        routes.get("/data/events/{name}", event) { _, context in try await self.event(context) }
        let products = RouteDescription("The page of the product catalogue.", access: .ownPage, answer: nil)
        routes.get("/data/products", products) { request, context in try self.products(request, context) }
        let refused = RouteDescription("The page of messages that were refused.", access: .ownPage, answer: nil)
        routes.get("/data/rejects", refused) { _, context in try self.refused(context) }
        let live = RouteDescription("The page of messages as they come in.", access: .ownPage, answer: nil)
        routes.get("/data/live", live) { _, context in
            let arrivals = tail.entries(after: 0).reversed().prefix(Self.shownArrivals).map(\.shown)
            return Page(
                LiveView(viewer: try context.viewer(), arrivals: arrivals, zone: sources.zone).shell
            ).response
        }
        let stream = RouteDescription(
            "The newest messages that came in, each with its verdict. With Accept: text/event-stream, as server-sent "
                + "events that go on.", access: .viewer, answer: .object,
            parameters: [
                RouteDescription.Parameter(name: "after", text: "Only those after this number.", range: 0...Int.max)
            ])
        routes.get("/v1/arrivals", stream) { request, context in
            if request.headers[.accept]?.lowercased().contains("text/event-stream") == true {
                return try self.stream(request, context)
            }
            let entries = tail.entries(after: try request.number("after", 0...Int.max) ?? 0)
            return Response(.object([("arrivals", .array(entries.map(\.shown.json)))]))
        }
    }

    private static let shownArrivals = 100

    private func data(_ context: ServerContext) throws -> Response {
        let view = DataView(
            viewer: try context.viewer(), info: try sources.store.info(),
            sources: keys.all.map { key in
                DataView.Source(
                    name: key.name.string,
                    kind: key.kind == .write ? "write key, for pages" : "secret key, for servers",
                    shown: key.shown, created: key.created, isDisabled: key.isDisabled)
            }, zone: sources.zone)
        return Page(view.shell).response
    }

    /// Of so many properties values are shown.
    private static let propertiesWithValues = 12

    private func event(_ context: ServerContext) async throws -> Response {
        let name = try DashboardSources.name(context)
        guard let known = try await names.allEvents().first(where: { $0.name == name }) else {
            throw APIError(.notFound, "unknown-event", "No event is called “\(name)”.")
        }
        let properties = try await names.properties(of: name)
        var values: [String: [StoreNames.Event]] = [:]
        for property in properties.prefix(Self.propertiesWithValues) {
            values[property.path] = try await names.values(of: PropertyPath(property.scope, property.parts), in: name)
        }
        let view = EventView(
            viewer: try context.viewer(), event: name, count: known.count, properties: properties, values: values)
        return Page(view.shell).response
    }

    // MARK: - Lists

    private static let productsOnAPage = 100

    private func products(_ request: Request, _ context: ServerContext) throws -> Response {
        let asked = request.text("q")?.string ?? ""
        let folded = simpleCaseFold(Text(asked)).string
        func text(_ product: JSONObject, _ key: String) -> String { product[key]?.identity?.string ?? "" }
        let found = sources.store.settings.catalogue.all.filter { product in
            asked.isEmpty
                || ["product_id", "name", "category", "brand"].contains { key in
                    simpleCaseFold(Text(text(product, key))).string.contains(folded)
                }
        }.sorted { text($0, "product_id") < text($1, "product_id") }
        let shown = found.prefix(Self.productsOnAPage)
        let search: HTML = """
            <form class="search card" role="search" action="/data/products">
            <div><label for="q">Id, name, category or brand</label><input id="q" name="q" type="search" value="\(asked)"></div>
            <button>Search</button></form>

            """
        let caption =
            shown.count < found.count
            ? "The first \(grouped(shown.count)) of \(counted(found.count, "product")); search for others"
            : counted(found.count, "product")
        let view = ListView(
            viewer: try context.viewer(), title: "Products", back: ("/data", "Data"), place: .data,
            about: "Events and items look up here what they do not say themselves.", caption: caption,
            columns: [.text("Product"), .text("Name"), .text("Category"), .text("Brand"), .number("Price")],
            rows: shown.map { product in
                [
                    "<code>\(text(product, "product_id"))</code>", "\(text(product, "name"))",
                    "\(text(product, "category"))", "\(text(product, "brand"))",
                    "\(product["price"]?.numeric.map { groupedDecimal("\($0)", places: 2) } ?? "–")",
                ]
            },
            empty: (
                asked.isEmpty ? "No products yet" : "No product has “\(asked)”",
                "<a href=\"/data/import\">Import a catalogue</a>, a file with a line for each product."
            ), search: search)
        return Page(view.shell).response
    }

    private static let shownRejects = 200

    private func refused(_ context: ServerContext) throws -> Response {
        let newest = try rejects.newest(Self.shownRejects)
        let view = ListView(
            viewer: try context.viewer(), title: "Rejects", back: ("/data", "Data"), place: .data,
            about: "Messages that could not be taken, as they came. The sender was told the same.",
            caption: "The newest messages that were refused",
            columns: [.text("Why"), .text("Source"), .text("When"), .text("Body")],
            rows: newest.map { reject in
                let body = String(decoding: reject.entry.body.prefix(600), as: UTF8.self)
                return [
                    "\(reject.entry.message)<span class=\"under\">\(reject.entry.code.string)</span>",
                    "\(reject.entry.source.string)", Pieces.time(reject.entry.received, in: sources.zone),
                    "<details><summary>\(byteSize(reject.bodySize))</summary><pre class=\"text\" tabindex=\"0\">\(body)</pre></details>",
                ]
            }, empty: ("Nothing was refused", "Messages that cannot be read would stand here with the reason."))
        return Page(view.shell).response
    }

    // MARK: - As they come

    private func stream(_ request: Request, _ context: ServerContext) throws -> Response {
        let start = try request.number("after", 0...Int.max) ?? 0
        let mayGoOn = context.mayGoOn
        let tail = tail
        let stream = EventStream<Int>(
            news: { position in
                let entries = tail.entries(after: position)
                guard let last = entries.last else { return nil }
                let text = entries.reduce(into: "") { text, entry in
                    text += "id: \(entry.number)\nevent: arrival\ndata: \(JSONWriter.text(of: entry.shown.json))\n\n"
                }
                return (ByteBuffer(string: text), last.number)
            },
            listen: { tell in
                let listener = tail.listen(tell)
                return { tail.cancel(listener) }
            })
        return stream.response(after: start, whileOpen: mayGoOn)
    }
}

extension ArrivalTail.Entry {
    /// As people see it.
    var shown: LiveView.Arrival {
        let (verdict, tone, detail) =
            switch outcome {
            case .accepted: ("stored", "good", message?.warnings.map(\.string).joined(separator: ", ") ?? "")
            case .duplicate: ("duplicate", "warn", "it was there before, and is kept once")
            case .refused(let code, let words): ("refused", "bad", "\(words) [\(code)]")
            }
        let what = message.map { $0.kind.isEvent ? $0.event.string : $0.kind.rawValue } ?? "unreadable"
        return LiveView.Arrival(
            number: number, received: received, source: source.string, what: what,
            who: message.flatMap { $0.userID ?? $0.anonymousID }?.string ?? "", verdict: verdict, tone: tone,
            detail: detail)
    }
}
