package import Columns
package import EventModel
import EventStore
import SegmentEngine
package import SegmentLanguage

/// All segments side by side.
package struct SegmentBoard: Sendable {
    /// A segment as it is now.
    package struct Entry: Sendable {
        package let definition: Definition
        package let note: SegmentNote?
        /// Nil while its members are being found for the first time.
        package let members: Bitmap?
        /// How many they are; counted once.
        package let size: Int?

        package init(definition: Definition, note: SegmentNote?, members: Bitmap?) {
            self.definition = definition
            self.note = note
            self.members = members
            size = members?.count
        }
    }

    /// What is odd about a segment.
    enum Health: Hashable {
        case empty
        /// Another one has exactly the same members.
        case same(as: Text)
        /// So many profiles came and went again and again within a week.
        case flapping(Int)
    }

    let viewer: Viewer
    let entries: [Entry]
    let figures: BoardFigures?
    let profiles: Int
    let zone: Zone
    let currency: String?
    /// Files of definitions that are left out, a line each.
    let problems: [String]

    package init(
        viewer: Viewer, entries: [Entry], figures: BoardFigures?, profiles: Int, zone: Zone, currency: String?,
        problems: [String]
    ) {
        self.viewer = viewer
        self.entries = entries.sorted { ($0.note?.order ?? .max) < ($1.note?.order ?? .max) }
        self.figures = figures
        self.profiles = profiles
        self.zone = zone
        self.currency = currency
        self.problems = problems
    }

    package var page: Shell {
        var page = Shell(title: "Segments", viewer: viewer, place: .segments, body: body)
        if figures == nil, !entries.isEmpty { page.refreshSeconds = 3 }
        return page
    }

    private var body: HTML {
        let new: HTML? =
            viewer.mayEdit ? "<a class=\"button\" href=\"/segments/new\">New segment</a>" : nil
        let head = Pieces.head(
            "Segments", about: "Who is in them is exact to this moment; money and the past are \(asOf).", actions: new)
        let broken: HTML? =
            problems.isEmpty
            ? nil
            : """
            <div class="note warn"><strong>Left out until they are mended:</strong>
            <ul class="bare">\(problems.map { "<li>\($0)</li>" as HTML })</ul></div>
            """
        guard !entries.isEmpty else {
            return """
                \(head)\(broken)
                \(Pieces.empty("There is no segment yet", "Make one by clicking, or put files of definitions into the folder “segments” of the data directory."))
                """
        }
        return "\(head)\n\(broken)<section class=\"card flush\" aria-label=\"Segments\">\(table)</section>\n\(helpers)"
    }

    private var asOf: HTML {
        guard let figures else { return "being computed; the page shows them by itself" }
        return "as of \(Pieces.time(figures.asOf, in: zone))"
    }

    private static let titles: [Pieces.Column] = [
        .text("Segment"), .number("Size"), .number("Share"), .number("Of revenue"), .text("8 weeks"),
        .number("In 7 days"), .number("Out 7 days"), .text("Health"),
    ]

    private var table: HTML {
        let shown = entries.filter { $0.note?.isHelper != true }
        var groups: [(name: String, entries: [Entry])] = []
        for entry in shown {
            let name = entry.note?.group ?? "Segments"
            if groups.last?.name != name { groups.append((name, [])) }
            groups[groups.count - 1].entries.append(entry)
        }
        let bodies = groups.map { group -> HTML in
            let head: HTML? =
                groups.count > 1
                ? "<tr class=\"group\"><th colspan=\"8\" scope=\"rowgroup\">\(group.name)</th></tr>\n" : nil
            return "<tbody>\n\(head)\(group.entries.map(row))</tbody>\n"
        }
        let name = "\(counted(shown.count, "segment")) of \(counted(profiles, "profile"))"
        return Pieces.table(name, Self.titles, body: bodies.joined, class: "board")
    }

    private var helpers: HTML? {
        let helpers = entries.filter { $0.note?.isHelper == true }
        guard !helpers.isEmpty else { return nil }
        let links = helpers.map { entry -> HTML in
            """
            <li>\(link(entry)) <span class="soft">\(entry.size.map { grouped($0) } ?? "…")</span></li>

            """
        }
        return """
            <details class="card"><summary>\(counted(helpers.count, "helper")) of other definitions</summary>
            <ul class="bare">\(links)</ul></details>
            """
    }

    private func link(_ entry: Entry) -> HTML {
        let name = entry.definition.name.string
        return "<a href=\"/segments/\(pathPart(name))\">\(entry.definition.title?.string ?? name)</a>"
    }

    private func row(_ entry: Entry) -> HTML {
        let name = entry.definition.name
        let what: HTML? = entry.note?.what.map { "<span class=\"under\" title=\"\($0)\">\($0)</span>" }
        let size = entry.size
        let change = change(of: entry)
        let past = figures?.pastSizes[name]
        let trend: HTML? = past.flatMap { past in size.map { Charts.sparkline(past + [$0]) } }
        let words: HTML? = past?.first.flatMap { first in
            size.map { "<span class=\"visually-hidden\">from \(grouped(first)) to \(grouped($0))</span>" }
        }
        return Pieces.row(
            [
                "\(link(entry))\(what)", "\(size.map { grouped($0) } ?? "…")",
                "\(size.map { percentage($0, of: profiles) } ?? "–")", "\(revenueShare(of: name))",
                "\(trend)\(words)", "\(change.map { $0.entered > 0 ? "+" + grouped($0.entered) : "0" } ?? "–")",
                "\(change.map { $0.left > 0 ? "−" + grouped($0.left) : "0" } ?? "–")",
                health(of: entry).map(Self.tag).joined,
            ], Self.titles)
    }

    private func revenueShare(of name: Text) -> String {
        guard let figures, figures.totalRevenue > .zero,
            let share = figures.revenue[name]?.divided(by: figures.totalRevenue)
        else { return "–" }
        return percentage(share.approximate)
    }

    /// Who is in it now and was not a week ago, and the other way round.
    private func change(of entry: Entry) -> (entered: Int, left: Int)? {
        guard let members = entry.members, let before = figures?.membersAWeekAgo[entry.definition.name] else {
            return nil
        }
        let staying = members.intersectionCount(before)
        return ((entry.size ?? 0) - staying, before.count - staying)
    }

    // MARK: - Health

    func health(of entry: Entry) -> [Health] {
        guard let members = entry.members, let count = entry.size else { return [] }
        if count == 0 { return [.empty] }
        var found: [Health] = []
        let twin = entries.first { other in
            guard other.definition.name != entry.definition.name, let others = other.members else { return false }
            return other.size == count && others.intersectionCount(members) == count
        }
        if let twin { found.append(.same(as: twin.definition.name)) }
        if let flapping = figures?.flow.segments[entry.definition.name]?.flapping, flapping * 20 > count {
            found.append(.flapping(flapping))
        }
        return found
    }

    private static func tag(_ health: Health) -> HTML {
        switch health {
        case .empty: Pieces.tag("empty", "warn")
        case .same(let other): Pieces.tag("same as \(other)", "warn")
        case .flapping(let count): Pieces.tag("\(grouped(count)) flapping", "bad")
        }
    }
}
