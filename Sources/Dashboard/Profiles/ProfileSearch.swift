import Columns
package import EventModel
package import EventStore
package import SegmentEngine

/// People, found by any id, name or address; without a search those who were here last.
package struct ProfileSearch: Sendable {
    package static let most = 50

    let viewer: Viewer
    let asked: String
    let found: [MemberList.Member]
    let isWhole: Bool
    let isWaiting: Bool
    /// Whether somebody was erased just now.
    let isAfterErasure: Bool
    let zone: Zone

    /// - Parameters:
    ///   - people: figures of everybody; nil while they are being computed.
    ///   - isErased: who was erased since then, and is shown no more.
    package init(
        viewer: Viewer, asked: String, people: BatchResult?, zone: Zone, isAfterErasure: Bool,
        isErased: (ProfileNumber) -> Bool
    ) {
        self.viewer = viewer
        self.asked = asked
        self.zone = zone
        self.isAfterErasure = isAfterErasure
        isWaiting = people == nil
        guard let people else {
            (found, isWhole) = ([], true)
            return
        }
        guard !asked.isEmpty else {
            let latest = people.population.filter { !isErased(ProfileNumber($0)) }.map { member in
                (people.time(of: .lastSeen, ProfileNumber(member)) ?? .distantPast, ProfileNumber(member))
            }.sorted { ($1.0, $0.1) < ($0.0, $1.1) }.prefix(Self.most)
            found = latest.map { MemberList.Member($0.1, id: people.id(of: $0.1), people) }
            isWhole = people.population.count <= Self.most
            return
        }
        let folded = simpleCaseFold(Text(asked))
        var matching: [MemberList.Member] = []
        for member in people.population where !isErased(ProfileNumber(member)) {
            let one = MemberList.Member(ProfileNumber(member), id: people.id(of: ProfileNumber(member)), people)
            if one.matches(folded) { matching.append(one) }
            if matching.count > Self.most { break }
        }
        isWhole = matching.count <= Self.most
        found = Array(matching.prefix(Self.most))
    }

    package var shell: Shell {
        var shell = Shell(title: "Profiles", viewer: viewer, place: .profiles, body: body)
        if isWaiting { shell.refreshSeconds = 3 }
        return shell
    }

    private var body: HTML {
        let done: HTML? =
            isAfterErasure
            ? "<p class=\"done\" role=\"status\">The person was erased; no byte of theirs is left.</p>" : nil
        return """
            \(Pieces.head("Profiles", about: "Everybody who was seen, known or not. Any id they were ever called by leads to them."))
            \(done)<form class="search card" role="search" action="/profiles">
            <div><label for="q">Id, name or e-mail address</label>
            <input id="q" name="q" type="search" value="\(asked)" autocapitalize="none" spellcheck="false"></div>
            <button>Search</button>
            </form>
            \(list)
            """
    }

    private static let columns: [Pieces.Column] = [
        .text("Profile"), .text("E-mail"), .number("Orders"), .number("Net revenue"), .text("Last seen"),
    ]

    private var list: HTML {
        guard !found.isEmpty else {
            if isWaiting {
                return "<p class=\"note\">Profiles are being looked through; the page shows them by itself.</p>"
            }
            if asked.isEmpty {
                return Pieces.empty(
                    "Nobody was here yet",
                    "Send messages to the tracking API, or import a file: people appear here at once.")
            }
            return Pieces.empty("Nobody has “\(asked)”", "Try a part of an address or a name, or the whole of any id.")
        }
        let caption =
            asked.isEmpty
            ? "Who was here last"
            : isWhole ? counted(found.count, "profile") : "The first \(grouped(found.count)) that match"
        return """
            <section class="card flush" aria-label="Profiles">
            \(Pieces.table(caption, Self.columns, found.map { one in
                let name: HTML? = one.name.map { "<span class=\"under\">\($0)</span>" }
                return [
                    "<a href=\"/profiles/\(pathPart(one.id))\">\(one.id)</a>\(name)", "\(one.email ?? "–")",
                    "\(one.orders.map { groupedDecimal("\($0)") } ?? "–")",
                    "\(one.revenue.map { groupedDecimal("\($0)", places: 2) } ?? "–")",
                    one.lastSeen.map { Pieces.time($0, in: zone) } ?? "–",
                ]
            }))</section>
            """
    }
}
