package import Columns
package import EventModel
package import EventStore
package import SegmentEngine

/// The members of a segment, searched and in pages.
package struct MemberList: Sendable {
    package struct Member: Sendable {
        package let id: String
        package let name: String?
        package let email: String?
        package let orders: Decimal128?
        package let revenue: Decimal128?
        package let lastSeen: Timestamp?

        /// - Parameter people: figures of everybody; who came later has none.
        package init(_ profile: ProfileNumber, id: Text, _ people: BatchResult?) {
            self.id = id.string
            name = people?.text(of: .personName, profile)
            email = people?.text(of: .email, profile)
            orders = people?.number(of: .netOrders, profile)
            revenue = people?.number(of: .netRevenue, profile)
            lastSeen = people?.time(of: .lastSeen, profile)
        }

        /// Whether a text that was typed is part of an id, a name or an address, in any case.
        package func matches(_ folded: Text) -> Bool {
            [id, name, email].contains { text in
                text.map { simpleCaseFold(Text($0)).string.contains(folded.string) } ?? false
            }
        }
    }

    /// The columns of the file that people take along.
    package static let columns = ["profile_id", "name", "email", "net_orders", "net_revenue", "last_seen"]
    package static let membersOnAPage = 50

    let viewer: Viewer
    let name: Text
    let title: String
    let asked: String
    let shown: [Member]
    let page: Int
    let found: Int
    let size: Int
    let zone: Zone
    let currency: String?

    /// - Parameters:
    ///   - asked: what was typed into the search; empty: everybody.
    ///   - page: from 1; past the last the list is empty.
    ///   - order: of the same people.
    package init(
        viewer: Viewer, name: Text, title: String, asked: String, page: Int, members: Bitmap, people: BatchResult?,
        order: RevenueOrder, id: @escaping (ProfileNumber) -> Text, zone: Zone, currency: String?
    ) {
        self.viewer = viewer
        self.name = name
        self.title = title
        self.asked = asked
        self.zone = zone
        self.currency = currency
        self.page = max(page, 1)
        size = members.count
        let start = (self.page - 1) * Self.membersOnAPage
        guard !asked.isEmpty else {
            found = size
            shown = order.slice(of: members, from: start, count: Self.membersOnAPage).map {
                Member($0, id: id($0), people)
            }
            return
        }
        let folded = simpleCaseFold(Text(asked))
        var kept: [Member] = []
        var count = 0
        for profile in order.all(of: members) {
            let member = Member(profile, id: id(profile), people)
            guard member.matches(folded) else { continue }
            if count >= start, kept.count < Self.membersOnAPage { kept.append(member) }
            count += 1
        }
        shown = kept
        found = count
    }

    package var shell: Shell { Shell(title: "Members of \(title)", viewer: viewer, place: .segments, body: body) }

    private var path: String { "/segments/\(pathPart(name.string))" }

    private static let titles: [Pieces.Column] = [
        .text("Profile"), .text("E-mail"), .number("Orders"), .number("Net revenue"), .text("Last seen"),
        .silent("Why"),
    ]

    private var body: HTML {
        """
        \(Pieces.head("Members of \(title)", back: (path, title), about: "\(counted(size, "member")), those with the most revenue first.", actions: """
            <a class="button quiet" href="\(path)/members.csv" download>All as CSV</a>
            """))
        <form class="search card" role="search" action="\(path)/members">
        <div><label for="q">Id, name or e-mail address</label><input id="q" name="q" type="search" value="\(asked)"></div>
        <button>Search</button>
        </form>
        <section class="card flush" aria-label="Members">\(table)\(pager)</section>
        """
    }

    private var table: HTML {
        guard !shown.isEmpty else {
            return
                "<div class=\"empty\"><p>\(asked.isEmpty ? "Nobody is here." : "No member has “\(asked)” in an id, name or address.")</p></div>"
        }
        let last = (page - 1) * Self.membersOnAPage + shown.count
        let caption = "\(grouped(last - shown.count + 1)) to \(grouped(last)) of \(grouped(found))"
        return Pieces.table(
            caption, Self.titles,
            shown.map { member in
                let profile = "/profiles/\(pathPart(member.id))"
                let name: HTML? = member.name.map { "<span class=\"under\">\($0)</span>" }
                return [
                    "<a href=\"\(profile)\">\(member.id)</a>\(name)", "\(member.email ?? "–")",
                    "\(member.orders.map { groupedDecimal("\($0)") } ?? "–")",
                    member.revenue.map { "\(groupedDecimal("\($0)", places: 2))" } ?? "–",
                    member.lastSeen.map { Pieces.time($0, in: zone) } ?? "–",
                    "<a href=\"\(profile)/why/\(pathPart(self.name.string))\">Why<span class=\"visually-hidden\"> is \(member.id) a member</span></a>",
                ]
            })
    }

    private var pager: HTML {
        let pages = max(1, (found + Self.membersOnAPage - 1) / Self.membersOnAPage)
        guard pages > 1 else { return "" }
        func link(_ page: Int, _ text: String, _ relation: String) -> HTML {
            "<a rel=\"\(relation)\" href=\"\(path)/members?page=\("\(page)")&amp;q=\(pathPart(asked))\">\(text)</a>"
        }
        return """
            <nav class="pager" aria-label="Pages">
            <span>\(page > 1 ? link(page - 1, "← Before", "prev") : "")</span>
            <span class="soft">Page \(grouped(page)) of \(grouped(pages))</span>
            <span>\(page < pages ? link(page + 1, "Next →", "next") : "")</span>
            </nav>
            """
    }
}
