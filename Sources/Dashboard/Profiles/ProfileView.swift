package import Analytics
package import EventModel
package import EventStore
package import SegmentEngine

/// Everything about one shopper, now.
package struct ProfileView: Sendable {
    package struct Membership: Sendable {
        let name: String
        let title: String
        let isHelper: Bool
        let since: MembershipStart?
        /// The earliest instant at which it could end if nothing happens; nil: never.
        let until: Timestamp?

        package init(name: String, title: String, isHelper: Bool, since: MembershipStart?, until: Timestamp?) {
            self.name = name
            self.title = title
            self.isHelper = isHelper
            self.since = since
            self.until = until
        }
    }

    /// Which part of the timeline is shown.
    package struct Window: Sendable {
        /// Only this event; nil: all.
        package let event: Text?
        /// So many of the newest are passed over.
        package let skipped: Int

        package init(event: Text?, skipped: Int) {
            self.event = event
            self.skipped = max(skipped, 0)
        }
    }

    let viewer: Viewer
    let id: Text
    let isUser: Bool
    let now: Timestamp
    let zone: Zone
    let currency: String?
    let history: ProfileHistory
    let identity: IdentityReport?
    let memberships: [Membership]
    let nextChange: Timestamp?
    let stage: String
    /// What the store's own metrics say of them, those that say something.
    let metrics: [(name: String, title: String, value: String)]
    let own: [OwnMetric: Value]
    let cart: [CartLine]
    let window: Window
    /// Whether their data can be taken along and erased from here.
    let hasPrivacyActions: Bool

    package init(
        viewer: Viewer, id: Text, isUser: Bool, now: Timestamp, zone: Zone, currency: String?, history: ProfileHistory,
        identity: IdentityReport?, memberships: [Membership], nextChange: Timestamp?, stage: String,
        metrics: [(name: String, title: String, value: String)], own: [OwnMetric: Value], cart: [CartLine],
        window: Window, hasPrivacyActions: Bool
    ) {
        self.viewer = viewer
        self.id = id
        self.isUser = isUser
        self.now = now
        self.zone = zone
        self.currency = currency
        self.history = history
        self.identity = identity
        self.memberships = memberships
        self.nextChange = nextChange
        self.stage = stage
        self.metrics = metrics
        self.own = own
        self.cart = cart
        self.window = window
        self.hasPrivacyActions = hasPrivacyActions
    }

    package static let metrics: [OwnMetric] = [
        .netOrders, .netRevenue, .cartValue, .cartUpdated, .visits, .firstVisit, .lastVisit,
    ]

    var path: String { "/profiles/\(pathPart(id.string))" }

    /// A name, an address or the id: what people know somebody by.
    private var title: String {
        history.traits["name"]?.text?.string ?? history.traits["email"]?.text?.string ?? id.string
    }

    package var shell: Shell {
        Shell(title: title, viewer: viewer, place: .profiles, body: body, scripts: ["timeline.js"])
    }

    private var body: HTML {
        """
        \(Pieces.head(title, back: ("/profiles", "Profiles"), about: about))
        \(figures)
        <div class="halves wide-first">
        <div class="stack">\(segments)\(timeline)</div>
        <div class="stack">\(cartCard)\(ordersCard)\(visitsCard)\(satisfactionCard)\(interestsCard)\(metricsCard)\(traitsCard)\(identityCard)\(consentCard)\(privacyCard)</div>
        </div>
        """
    }

    private var about: HTML {
        let kind = isUser ? "a known customer" : "an anonymous visitor"
        return "<code>\(id.string)</code>, \(kind), in the stage <strong>\(stage)</strong>"
    }

    private var figures: HTML {
        let revenue = number(.netRevenue)
        let orders = number(.netOrders)
        let first = time(.firstVisit)
        return Pieces.figures([
            ("Net revenue", revenue.map { Pieces.money($0, currency) } ?? "0", nil),
            ("Net orders", "\(groupedDecimal("\(orders ?? .zero)"))", nil),
            (
                "Visits", "\(groupedDecimal("\(number(.visits) ?? .zero)"))",
                first.map { "since \(Pieces.day($0, in: zone))" }
            ),
            (
                "Last visit", time(.lastVisit).map { "\(ago($0))" } ?? "–",
                time(.lastVisit).map { Pieces.time($0, in: zone) }
            ),
            (
                "Cart now",
                (number(.cartValue) ?? .zero) > .zero ? Pieces.money(number(.cartValue) ?? .zero, currency) : "empty",
                cart.isEmpty ? nil : "\(counted(cart.count, "product"))"
            ),
        ])
    }

    func number(_ metric: OwnMetric) -> Decimal128? {
        if case .number(let number)? = own[metric] { number } else { nil }
    }

    func time(_ metric: OwnMetric) -> Timestamp? { if case .time(let time)? = own[metric] { time } else { nil } }

    /// "3 d 4 h ago"
    func ago(_ instant: Timestamp) -> String {
        let length = now.milliseconds(since: instant)
        return length < 60_000 ? "just now" : "\(spokenDuration(milliseconds: length)) ago"
    }

    // MARK: - Segments

    private static let columns: [Pieces.Column] = [
        .text("Segment"), .text("Since"), .text("Leaves on"), .silent("Why"),
    ]

    private var segments: HTML {
        let shown = memberships.filter { !$0.isHelper }
        let next: HTML? = nextChange.map {
            "<span class=\"soft\">next change by time alone: \(Pieces.time($0, in: zone))</span>"
        }
        guard !shown.isEmpty else {
            return
                "<section class=\"card\"><header><h2>Segments</h2>\(next)</header><p class=\"soft\">In none now.</p></section>"
        }
        return """
            <section class="card flush"><header><h2>Segments</h2>\(next)</header>
            \(Pieces.table("\(counted(shown.count, "segment")) of this profile", Self.columns, shown.map(row)))
            </section>
            """
    }

    private func row(_ membership: Membership) -> [HTML] {
        let since: HTML =
            switch membership.since {
            case .at(let instant)?: Pieces.time(instant, in: zone)
            case .atOrBefore(let instant)?: "\(Pieces.time(instant, in: zone)) or earlier"
            case nil: "<span class=\"soft\">ranked among all</span>"
            }
        let until: HTML =
            membership.until.map { "\(Pieces.time($0, in: zone)) <span class=\"soft\">if nothing happens</span>" }
            ?? "<span class=\"soft\">stays</span>"
        return [
            "<a href=\"/segments/\(pathPart(membership.name))\">\(membership.title)</a>", since, until,
            """
            <a href="\(path)/why/\(pathPart(membership.name))">Why<span class="visually-hidden"> in \(membership.title)</span></a>
            """,
        ]
    }
}
