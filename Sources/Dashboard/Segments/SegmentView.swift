import Columns
package import EventModel
import EventStore
package import Membership
import SegmentEngine
import SegmentLanguage

/// One segment in full.
package struct SegmentView: Sendable {
    let viewer: Viewer
    let entry: SegmentBoard.Entry
    /// All segments, for the overlap.
    let others: [SegmentBoard.Entry]
    let figures: BoardFigures?
    let detail: SegmentDetail?
    let versions: [SegmentVersion]
    /// The newest entries of its log, the newest first, with the ids of those who still have one.
    let changes: [(change: MembershipChange, id: String?)]
    let profiles: Int
    let zone: Zone
    let currency: String?

    package init(
        viewer: Viewer, entry: SegmentBoard.Entry, others: [SegmentBoard.Entry], figures: BoardFigures?,
        detail: SegmentDetail?, versions: [SegmentVersion], changes: [(change: MembershipChange, id: String?)],
        profiles: Int, zone: Zone, currency: String?
    ) {
        self.viewer = viewer
        self.entry = entry
        self.others = others
        self.figures = figures
        self.detail = detail
        self.versions = versions
        self.changes = changes
        self.profiles = profiles
        self.zone = zone
        self.currency = currency
    }

    var name: Text { entry.definition.name }
    var title: String { entry.definition.title?.string ?? name.string }
    var path: String { "/segments/\(pathPart(name.string))" }

    package var page: Shell {
        var page = Shell(title: title, viewer: viewer, place: .segments, body: body, scripts: ["charts.js"])
        if detail == nil || figures == nil { page.refreshSeconds = 3 }
        return page
    }

    private var body: HTML {
        let edit: HTML? =
            viewer.mayEdit ? "<a class=\"button\" href=\"\(path)/edit\">Edit</a>" : nil
        let about: HTML = "\(entry.note?.what ?? "") \(entry.note?.why ?? "")"
        return """
            \(Pieces.head(title, back: ("/segments", "Segments"), about: about, actions: """
                \(edit)<a class="button quiet" href="\(path)/members">Members</a>
                <a class="button quiet" href="\(path)/members.csv" download>CSV</a>
                """))
            \(numbers)
            <div class="halves wide-first">
            <div class="stack">\(history)\(flow)\(composition)</div>
            <div class="stack">\(definition)\(overlap)\(versionList)\(access)</div>
            </div>
            """
    }

    // MARK: - Figures

    private var numbers: HTML {
        let size = entry.size
        let revenue = figures?.revenue[name]
        let orders = figures?.orders[name]
        let average = revenue.flatMap { revenue in orders.flatMap { $0 > .zero ? revenue.divided(by: $0) : nil } }
        let share = revenue.flatMap { revenue in
            figures.flatMap { $0.totalRevenue > .zero ? revenue.divided(by: $0.totalRevenue) : nil }
        }
        let waiting: HTML = "…"
        return Pieces.figures([
            (
                "Members", size.map { "\(grouped($0))" } ?? waiting,
                size.map { "\(percentage($0, of: profiles)) of \(grouped(profiles)) profiles" }
            ),
            (
                "Net revenue", revenue.map { Pieces.money($0, currency) } ?? waiting,
                share.map { "\(percentage($0.approximate)) of all" }
            ),
            ("Net orders", orders.map { "\(groupedDecimal("\($0)"))" } ?? waiting, perMember(orders, size)),
            ("Average order", average.map { Pieces.money($0, currency) } ?? "–", nil),
            ("This week", weekChange ?? waiting, "came in, and left"),
        ])
    }

    private func perMember(_ orders: Decimal128?, _ size: Int?) -> HTML? {
        guard let orders, let size, size > 0, let each = orders.divided(by: Decimal128(size)) else { return nil }
        return "\(groupedDecimal("\(each)", places: 1)) a member"
    }

    private var weekChange: HTML? {
        guard let members = entry.members, let before = figures?.membersAWeekAgo[name] else { return nil }
        let staying = members.intersectionCount(before)
        return "+\(grouped(members.count - staying)) <span class=\"unit\">−\(grouped(before.count - staying))</span>"
    }

    // MARK: - Definition

    private var definition: HTML {
        let text = Printer.text(of: entry.definition)
        let file: HTML? = entry.note.map { "<span class=\"soft\">segments/\($0.file)</span>" }
        return """
            <section class="card"><header><h2>Definition</h2>\(file)</header>
            <pre class="text" id="definition" tabindex="0">\(text)</pre>
            <p class="actions"><button class="quiet" type="button" data-copy="definition" hidden>Copy the text</button></p>
            </section>
            """
    }

    private var overlap: HTML {
        guard let members = entry.members, let size = entry.size, size > 0 else { return "" }
        let rows = others.compactMap { other -> (entry: SegmentBoard.Entry, both: Int, jaccard: Double)? in
            guard other.definition.name != name, let theirs = other.members, other.note?.isHelper != true else {
                return nil
            }
            let both = members.intersectionCount(theirs)
            guard both > 0 else { return nil }
            return (other, both, Double(both) / Double(size + (other.size ?? 0) - both))
        }.sorted { ($1.jaccard, $0.entry.definition.name) < ($0.jaccard, $1.entry.definition.name) }.prefix(8)
        guard !rows.isEmpty else { return "" }
        let columns: [Pieces.Column] = [
            .text("Segment"), .number("Both"), .number("Of these"), .number("Of the other"),
        ]
        return """
            <section class="card flush"><h2>Overlap</h2>
            \(Pieces.table("Members who are also in other segments, the most alike first", columns, rows.map { row in
                let other = row.entry.definition
                return [
                    "<a href=\"/segments/\(pathPart(other.name.string))\">\(other.title?.string ?? other.name.string)</a>",
                    "\(grouped(row.both))", "\(percentage(row.both, of: size))",
                    "\(percentage(row.both, of: row.entry.size ?? 0))",
                ]
            }))
            </section>
            """
    }

    private var versionList: HTML {
        guard !versions.isEmpty else { return "" }
        let items = versions.reversed().map { version -> HTML in
            """
            <li><details><summary>Version \(grouped(version.number)), since \(Pieces.time(version.since, in: zone))</summary>
            <pre class="text" tabindex="0">\(version.text.string)</pre></details></li>

            """
        }
        return "<section class=\"card\"><h2>Versions</h2>\n<ul class=\"bare\">\(items)</ul></section>"
    }

    private var access: HTML {
        let api = "/v1/segments/\(pathPart(name.string))"
        let asOf: HTML? = figures.map { figures in
            let day = zone.day(of: figures.asOf).startOfMonth.iso
            return "<dt>As of then</dt><dd><code>GET \(api)/members?as_of=\(day)</code></dd>"
        }
        return """
            <section class="card"><h2>Elsewhere</h2>
            <dl class="facts">
            <dt>Members</dt><dd><code>GET \(api)/members</code></dd>
            <dt>Changes, live</dt><dd><code>GET \(api)/changes</code></dd>
            \(asOf)
            <dt>Terminal</dt><dd><code>shoal members \(name.string) --format csv</code></dd>
            </dl></section>
            """
    }
}
