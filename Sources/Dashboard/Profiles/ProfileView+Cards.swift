import Analytics
import EventModel
import EventStore
import SegmentEngine

extension ProfileView {
    var cartCard: HTML {
        guard !cart.isEmpty else { return "" }
        let columns: [Pieces.Column] = [.text("Product"), .number("Quantity"), .number("Price")]
        let rows = cart.map { line -> [HTML] in
            let name = line.product.flatMap { history.productName($0)?.string ?? $0.string } ?? "unknown"
            return [
                "\(name)", "\(groupedDecimal("\(line.quantity)"))",
                "\(line.price.map { groupedDecimal("\($0)", places: 2) } ?? "–")",
            ]
        }
        let touched: HTML? = time(.cartUpdated).map { "<span class=\"soft\">touched \(ago($0))</span>" }
        return """
            <section class="card flush"><header><h2>Cart now</h2>\(touched)</header>
            \(Pieces.table("Products in the cart", columns, rows))</section>
            """
    }

    private static let shownOrders = 8

    var ordersCard: HTML {
        let orders = history.orders
        guard !orders.isEmpty else { return "" }
        let columns: [Pieces.Column] = [.text("Order"), .text("When"), .number("Items"), .number("Revenue")]
        let rows = orders.reversed().prefix(Self.shownOrders).map { order -> [HTML] in
            let note: HTML? = order.note.map { " \(Pieces.tag($0, "warn"))" }
            return [
                "\(order.id ?? "–")\(note)", Pieces.time(order.time, in: zone), "\(grouped(order.items))",
                "\(order.revenue.map { groupedDecimal("\($0)", places: 2) } ?? "–")",
            ]
        }
        let caption = orders.count > Self.shownOrders ? "The newest of \(grouped(orders.count)) orders" : "All orders"
        return "<section class=\"card flush\"><h2>Orders</h2>\n\(Pieces.table(caption, columns, rows))</section>"
    }

    var interestsCard: HTML {
        let interests = Interests(history, asOf: now)
        let parts = [
            ("Categories", interests.categories), ("Brands", interests.brands), ("Products", interests.products),
        ]
        .filter { !$0.1.isEmpty }
        guard !parts.isEmpty else { return "" }
        let lists = parts.map { title, list -> HTML in
            let bars = list.map { one in
                (
                    name: "\(one.name?.string ?? one.value.string)" as HTML, amount: one.weight,
                    text: counted(one.count, "time")
                )
            }
            return "<div><h3>\(title)</h3>\(Pieces.bars(bars))</div>"
        }
        return """
            <section class="card"><header><h2>Interests</h2><span class="soft">halved every 30 days</span></header>
            <div class="stack">\(lists)</div></section>
            """
    }

    var metricsCard: HTML {
        guard !metrics.isEmpty else { return "" }
        let facts = metrics.map { metric -> HTML in
            "<dt title=\"\(metric.name)\">\(metric.title)</dt><dd>\(metric.value)</dd>\n"
        }
        return "<section class=\"card\"><h2>Figures</h2><dl class=\"facts\">\n\(facts)</dl></section>"
    }

    var traitsCard: HTML {
        let traits = history.traits.effectiveMembers
        guard !traits.isEmpty else { return "" }
        let facts = traits.map { member -> HTML in
            "<dt>\(member.key.string)</dt><dd>\(member.value.identity?.string ?? JSONWriter.text(of: member.value))</dd>\n"
        }
        return "<section class=\"card\"><h2>Traits</h2><dl class=\"facts\">\n\(facts)</dl></section>"
    }

    var identityCard: HTML {
        guard let identity else { return "" }
        let ids = identity.anonymousIDs.map { "<li><code>\($0.string)</code></li>\n" as HTML }
        let links = identity.links.map { link -> HTML in
            """
            <li><code>\(link.anonymous.string)</code> → <code>\(link.user.string)</code> \
            <span class="soft">\(link.standing.rawValue.replacing("-", with: " ")), since \(Pieces.time(link.since, in: zone))</span></li>

            """
        }
        let handles = identity.handles.map { use -> HTML in
            "<li>\(use.handle.string) <span class=\"soft\">of \(use.id.string)</span></li>\n"
        }
        let parts: [(String, [HTML])] = [("Anonymous ids", ids), ("Links", links), ("Addresses and numbers", handles)]
        let shown = parts.filter { !$0.1.isEmpty }.map { title, list -> HTML in
            "<details><summary>\(title) (\(grouped(list.count)))</summary><ul class=\"bare\">\n\(list)</ul></details>\n"
        }
        guard !shown.isEmpty else { return "" }
        return "<section class=\"card\"><h2>Identity</h2>\n\(shown)</section>"
    }

    var consentCard: HTML {
        let consent = history.consent.effectiveMembers
        let facts = consent.map { member -> HTML in
            let isGranted = member.value.boolean ?? (member.value.text == "granted")
            let words = member.value.text?.string ?? (isGranted ? "granted" : "denied")
            return "<dt>\(member.key.string)</dt><dd>\(Pieces.tag(words, isGranted ? "good" : "bad"))</dd>\n"
        }
        let list: HTML =
            facts.isEmpty
            ? "<p class=\"soft\">Nothing was said about consent.</p>" : "<dl class=\"facts\">\n\(facts)</dl>"
        return "<section class=\"card\"><h2>Consent</h2>\(list)</section>"
    }

    var privacyCard: HTML {
        guard hasPrivacyActions, viewer.isAdmin else { return "" }
        return """
            <section class="card"><h2>Privacy</h2>
            <p><a class="button quiet" href="\(path)/export" download>Export everything</a></p>
            <details><summary>Erase this person</summary>
            <form method="post" action="\(path)/erase">
            <p>Every message, id and entry of theirs is removed from the store, for good. Write the id to confirm: \
            <code>\(id.string)</code></p>
            <div class="field"><label for="confirmation">Id</label>
            <input id="confirmation" name="confirmation" autocomplete="off" required></div>
            <button class="danger">Erase for good</button>
            </form></details></section>
            """
    }
}
