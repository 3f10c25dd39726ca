package import EventModel

/// Messages as they come in, each with what became of it.
package struct LiveView: Sendable {
    package struct Arrival: Sendable {
        let number: Int
        let received: Timestamp
        let source: String
        let what: String
        let who: String
        let verdict: String
        /// `good`, `warn` or `bad`
        let tone: String
        let detail: String

        package init(
            number: Int, received: Timestamp, source: String, what: String, who: String, verdict: String, tone: String,
            detail: String
        ) {
            self.number = number
            self.received = received
            self.source = source
            self.what = what
            self.who = who
            self.verdict = verdict
            self.tone = tone
            self.detail = detail
        }

        /// For the script that shows more of them.
        package var json: JSONValue {
            .object([
                ("number", .count(number)), ("received", .time(received)), ("source", .text(source)),
                ("what", .text(what)), ("who", .text(who)), ("verdict", .text(verdict)), ("tone", .text(tone)),
                ("detail", .text(detail)),
            ])
        }
    }

    let viewer: Viewer
    /// The newest first.
    let arrivals: [Arrival]
    let zone: Zone

    package init(viewer: Viewer, arrivals: [Arrival], zone: Zone) {
        self.viewer = viewer
        self.arrivals = arrivals
        self.zone = zone
    }

    package var shell: Shell {
        Shell(title: "Live", viewer: viewer, place: .data, body: body, scripts: ["live.js"])
    }

    private var body: HTML {
        let columns: [Pieces.Column] = [
            .text("Message"), .text("Who"), .text("Source"), .text("When"), .text("Verdict"),
        ]
        let rows = arrivals.map { arrival in
            Pieces.row(
                [
                    "\(arrival.what)<span class=\"under\">\(arrival.detail)</span>", "\(arrival.who)",
                    "\(arrival.source)",
                    Pieces.time(arrival.received, in: zone), Pieces.tag(arrival.verdict, arrival.tone),
                ], columns)
        }
        let last = arrivals.first?.number ?? 0
        return """
            \(Pieces.head("Live", back: ("/data", "Data"), about: "The newest messages since the server started, with what became of each.", actions: """
                <button class="quiet" type="button" id="pause" hidden>Pause</button>
                """))
            <p class="note" id="state" role="status">\(arrivals.isEmpty ? "Nothing came in since the server started. Send a message and it shows here." : "Load the page again to see more.")</p>
            <section class="card flush" aria-label="Messages">
            \(Pieces.table("Messages, the newest first", columns, body: "<tbody id=\"arrivals\" data-last=\"\(String(last))\">\n\(rows)</tbody>"))
            </section>
            """
    }
}

/// A page that is one table.
package struct ListView: Sendable {
    let viewer: Viewer
    let title: String
    let back: (path: String, title: String)
    let place: Place
    let about: HTML?
    let caption: String
    let columns: [Pieces.Column]
    let rows: [[HTML]]
    /// What to say when there is nothing.
    let empty: (title: String, text: HTML)
    /// A form above, links below.
    let search: HTML?
    let pager: HTML?

    package init(
        viewer: Viewer, title: String, back: (path: String, title: String), place: Place, about: HTML? = nil,
        caption: String, columns: [Pieces.Column], rows: [[HTML]], empty: (title: String, text: HTML),
        search: HTML? = nil, pager: HTML? = nil
    ) {
        self.viewer = viewer
        self.title = title
        self.back = back
        self.place = place
        self.about = about
        self.caption = caption
        self.columns = columns
        self.rows = rows
        self.empty = empty
        self.search = search
        self.pager = pager
    }

    package var shell: Shell {
        let list: HTML =
            rows.isEmpty
            ? Pieces.empty(empty.title, empty.text)
            : "<section class=\"card flush\" aria-label=\"\(title)\">\(Pieces.table(caption, columns, rows))\(pager)</section>"
        return Shell(
            title: title, viewer: viewer, place: place,
            body: "\(Pieces.head(title, back: back, about: about))\n\(search)\(list)")
    }
}
