package import EventModel
package import SegmentLanguage

/// The people behind a number of a report, and the same as a definition to keep.
package struct PeopleView: Sendable {
    let viewer: Viewer
    let place: Place
    let title: String
    /// The report that the number stands in.
    let back: (path: String, title: String)
    /// Where this list is, to turn its pages.
    let fields: ReportFields
    let path: String
    let state: ReportState<MemberList.Page>
    /// Nil where the language cannot say it.
    let definition: Definition?
    let zone: Zone

    package init(
        viewer: Viewer, place: Place, title: String, back: (path: String, title: String), fields: ReportFields,
        path: String, state: ReportState<MemberList.Page>, definition: Definition?, zone: Zone
    ) {
        self.viewer = viewer
        self.place = place
        self.title = title
        self.back = back
        self.fields = fields
        self.path = path
        self.state = state
        self.definition = definition
        self.zone = zone
    }

    package var shell: Shell {
        var shell = Shell(report: title, viewer: viewer, place: place, fields, state, body: body)
        if case .ready(let page, _) = state, page.isWaiting { shell.refreshSeconds = 3 }
        return shell
    }

    private var body: HTML {
        let actions: HTML? = definition.flatMap { Self.builderLink($0, viewer) }
        return """
            \(Pieces.head(title, back: back, about: about, actions: actions))
            \(state.note)
            <div class="halves wide-first"><div class="stack">\(list)</div>
            <div class="stack">\(text)</div></div>
            """
    }

    private var about: HTML? {
        guard case .ready(let page, let asOf) = state else { return nil }
        return "\(counted(page.count, "profile")) as of \(Pieces.time(asOf, in: zone))."
    }

    private var list: HTML {
        guard case .ready(let page, _) = state else { return "" }
        guard !page.members.isEmpty else {
            return Pieces.empty(
                page.count == 0 ? "Nobody" : "No more of them", "Nobody of this report is on this page of the list.")
        }
        let first = (page.number - 1) * MemberList.membersOnAPage
        return """
            <section class="card flush" aria-label="Profiles">
            \(Pieces.table(
                "\(grouped(first + 1)) to \(grouped(first + page.members.count)) of \(grouped(page.count))",
                [.text("Profile"), .text("E-mail"), .number("Orders"), .number("Net revenue"), .text("Last seen")],
                page.members.map { member in
                    let name: HTML? = member.name.map { "<span class=\"under\">\($0)</span>" }
                    return [
                        "<a href=\"/profiles/\(pathPart(member.id))\">\(member.id)</a>\(name)", "\(member.email ?? "–")",
                        "\(member.orders.map { groupedDecimal("\($0)") } ?? "–")",
                        "\(member.revenue.map { groupedDecimal("\($0)", places: 2) } ?? "–")",
                        member.lastSeen.map { Pieces.time($0, in: zone) } ?? "–",
                    ]
                }))
            \(pager(page))</section>
            """
    }

    private func pager(_ page: MemberList.Page) -> HTML {
        let pages = max(1, (page.count + MemberList.membersOnAPage - 1) / MemberList.membersOnAPage)
        guard pages > 1 else { return "" }
        func link(_ number: Int, _ text: String, _ relation: String) -> HTML {
            let address = fields.address(path, changing: [("page", "\(number)")])
            return "<a rel=\"\(relation)\" href=\"\(address)\">\(text)</a>"
        }
        return """
            <nav class="pager" aria-label="Pages">
            <span>\(page.number > 1 ? link(page.number - 1, "← Before", "prev") : "")</span>
            <span class="soft">Page \(grouped(page.number)) of \(grouped(pages))</span>
            <span>\(page.number < pages ? link(page.number + 1, "Next →", "next") : "")</span>
            </nav>
            """
    }

    private var text: HTML? {
        definition.map { definition in
            """
            <section class="card"><h2>As a segment</h2>
            <p class="soft">The same people in the segment language; as a segment they stay up to date.</p>
            <pre class="text" id="definition" tabindex="0">\(Printer.text(of: definition))</pre>
            <p class="actions"><button class="quiet" type="button" data-copy="definition" hidden>Copy</button></p>
            </section>
            """
        }
    }

    /// Longer ones do not fit into an address.
    private static let longestText = 6_000

    /// A link that opens a definition in the builder; nothing is saved by it. Nil for those who may not save, and for
    /// definitions that are too long for an address.
    package static func builderLink(_ definition: Definition, _ viewer: Viewer, _ words: String = "Make it a segment")
        -> HTML?
    {
        builderPath(definition, viewer).map { "<a class=\"button\" href=\"\($0)\">\(words)</a>" }
    }

    /// The path of that link.
    package static func builderPath(_ definition: Definition, _ viewer: Viewer) -> String? {
        let text = pathPart(Printer.text(of: definition))
        guard viewer.mayEdit, text.utf8.count <= longestText else { return nil }
        return "/segments/new?definition=\(text)"
    }
}

extension MemberList {
    /// A part of a list of people.
    package struct Page: Sendable {
        package let members: [Member]
        /// From 1.
        package let number: Int
        /// Of the whole list.
        package let count: Int

        /// Whether names and figures of people are still being computed.
        package let isWaiting: Bool

        package init(members: [Member], number: Int, count: Int, isWaiting: Bool) {
            self.isWaiting = isWaiting
            self.members = members
            self.number = number
            self.count = count
        }
    }
}
