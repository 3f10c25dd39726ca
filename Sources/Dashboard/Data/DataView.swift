package import EventModel
package import EventStore

/// What the store holds and where it comes from.
package struct DataView: Sendable {
    /// A key as it may be shown.
    package struct Source: Sendable {
        let name: String
        let kind: String
        let shown: String
        let created: Timestamp
        let isDisabled: Bool

        package init(name: String, kind: String, shown: String, created: Timestamp, isDisabled: Bool) {
            self.name = name
            self.kind = kind
            self.shown = shown
            self.created = created
            self.isDisabled = isDisabled
        }
    }

    let viewer: Viewer
    let info: StoreInfo
    let sources: [Source]
    let zone: Zone

    package init(viewer: Viewer, info: StoreInfo, sources: [Source], zone: Zone) {
        self.viewer = viewer
        self.info = info
        self.sources = sources
        self.zone = zone
    }

    package var shell: Shell { Shell(title: "Data", viewer: viewer, place: .data, body: body) }

    private var body: HTML {
        let span: HTML? = info.firstTime.flatMap { first in
            info.lastTime.map { "\(Pieces.day(first, in: zone)) to \(Pieces.day($0, in: zone))" }
        }
        return """
            \(Pieces.head("Data", about: "What came in, from where, and what it is called.", actions: """
                <a class="button quiet" href="/data/live">Live</a><a class="button quiet" href="/data/rejects">Rejects</a>
                <a class="button quiet" href="/data/products">Products</a>
                \(viewer.mayEdit ? "<a class=\"button\" href=\"/data/import\">Import a file</a>" as HTML : nil)
                """))
            \(Pieces.figures([
                ("Messages", "\(grouped(info.messages))", span),
                ("Profiles", "\(grouped(info.profiles))", "\(counted(info.identifiers, "id")) of theirs"),
                ("Products", "\(grouped(info.products))", nil),
                ("Duplicates", "\(grouped(info.counters.duplicates))", "dropped, each is stored once"),
                ("Refused", "\(grouped(info.counters.rejected))", "<a href=\"/data/rejects\">why</a>"),
                ("On disk", "\(byteSize(info.partBytes + info.databaseBytes))", info.bytesPerEvent.map { "\(groupedDecimal("\(($0 * 10).rounded() / 10)")) bytes a message" }),
            ]))
            <div class="halves wide-first">\(events)\(keys)</div>
            """
    }

    private var events: HTML {
        guard !info.eventNames.isEmpty else {
            return Pieces.empty(
                "No events yet",
                "Point an SDK at this server with the write key, or <a href=\"/data/import\">import a file</a>: <a href=\"/data/live\">messages show here</a> as they come."
            )
        }
        let most = info.eventNames.first?.rows ?? 1
        let columns: [Pieces.Column] = [.text("Event"), .number("Times"), .number("Share"), .silent("Bar")]
        return """
            <section class="card flush"><h2>Events</h2>
            \(Pieces.table("\(counted(info.eventNames.count, "event")) by how often they happened", columns, info.eventNames.map { event in
                [
                    "<a href=\"/data/events/\(pathPart(event.name.string))\">\(event.name.string)</a>", "\(grouped(event.rows))",
                    "\(percentage(event.rows, of: info.events))", Charts.bar(Double(event.rows) / Double(max(most, 1))),
                ]
            }))</section>
            """
    }

    private var keys: HTML {
        let columns: [Pieces.Column] = [.text("Source"), .text("Key"), .text("Since")]
        let rows = sources.map { source -> [HTML] in
            let state: HTML? = source.isDisabled ? " \(Pieces.tag("disabled", "warn"))" : nil
            return [
                "\(source.name) <span class=\"under\">\(source.kind)</span>", "<code>\(source.shown)</code>\(state)",
                Pieces.day(source.created, in: zone),
            ]
        }
        return """
            <section class="card flush"><h2>Sources and their keys</h2>
            \(Pieces.table("A key's name is the source of what comes with it", columns, rows))
            <p class="soft">\(viewer.isAdmin ? "<a href=\"/settings/keys\">Make and disable keys</a>" as HTML : "Admins make and disable keys.")</p></section>
            """
    }
}

/// One event: its properties with how often they are there, and of which kind.
package struct EventView: Sendable {
    let viewer: Viewer
    let event: Text
    let count: Int
    let properties: [StoreNames.Property]
    /// By path, the most frequent values of some properties.
    let values: [String: [StoreNames.Event]]

    package init(
        viewer: Viewer, event: Text, count: Int, properties: [StoreNames.Property], values: [String: [StoreNames.Event]]
    ) {
        self.viewer = viewer
        self.event = event
        self.count = count
        self.properties = properties
        self.values = values
    }

    package var shell: Shell { Shell(title: event.string, viewer: viewer, place: .data, body: body) }

    private static let columns: [Pieces.Column] = [
        .text("Property"), .text("Kind"), .number("Values"), .number("Of events"), .text("Most frequent"),
    ]

    private var body: HTML {
        let rows = properties.map { property -> [HTML] in
            let kinds: [HTML] = property.kinds.enumerated().map { index, kind in
                index > 0 ? " \(Pieces.tag(kind, "warn"))" : "\(Pieces.tag(kind))"
            }
            let frequent = (values[property.path] ?? []).prefix(4).map { "\($0.name) (\(grouped($0.count)))" }
            return [
                "<code>\(property.path)</code>", kinds.joined, "\(grouped(property.count))",
                "\(property.scope == .items ? "–" : percentage(property.count, of: count))",
                "<span class=\"soft\">\(frequent.joined(separator: ", "))</span>",
            ]
        }
        return """
            \(Pieces.head(event.string, back: ("/data", "Data"), about: "\(counted(count, "time")). Properties of items begin with <code>products.</code>, those of the context with <code>context.</code>"))
            <section class="card flush" aria-label="Properties">
            \(Pieces.table("\(counted(properties.count, "property", "properties")), the most frequent first", Self.columns, rows))</section>
            """
    }
}
