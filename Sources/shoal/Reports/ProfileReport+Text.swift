import Analytics
import EventModel
import SegmentEngine

extension ProfileReport {
    /// - Parameter timelineLimit: how many of the latest events to show; nil: all, and segments that are helpers too.
    func text(width: Int?, style: Style, timelineLimit: Int?) -> String {
        let sections = [
            headline(style), traitSection(width, style), segmentSection(width, style, timelineLimit == nil),
            cartSection(style),
            interestSection(width, style), orderSection(width, style), timeline(width, style, timelineLimit),
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func headline(_ style: Style) -> String {
        guard let first = history.rows.first, let last = history.rows.last else {
            return "\(style.strong(printable(id.string))) does not exist yet as of \(spokenInstant(asOf, in: zone))\n"
        }
        var lines = [style.strong(printable(id.string)) + "  " + style.dim("as of \(spokenInstant(asOf, in: zone))")]
        lines.append(
            "first seen \(spokenInstant(first.time, in: zone)), last seen \(spokenInstant(last.time, in: zone))")
        let identities = history.identities
        let others = (identities.users + identities.anonymous).filter { $0 != id }
        if !others.isEmpty { lines.append("also known as " + printable(others.map(\.string).joined(separator: ", "))) }
        let orders = groupedDecimal("\(number(.netOrders) ?? .zero)")
        let revenue = groupedDecimal("\(number(.netRevenue) ?? .zero)", places: 2)
        var facts = ["\(orders) net orders", "net revenue \(revenue)" + (currency.map { " \($0)" } ?? "")]
        if let visits = number(.visits), !visits.isZero {
            let last = time(.lastVisit).map { ", the last on \(spokenDay(zone.day(of: $0)))" } ?? ""
            facts.append("\(groupedDecimal("\(visits)")) visits\(last)")
        }
        lines.append(facts.joined(separator: ", "))
        return lines.joined(separator: "\n") + "\n"
    }

    private func traitSection(_ width: Int?, _ style: Style) -> String {
        var table = Table([.text(""), .text("", flexible: true)])
        for trait in history.traits.effectiveMembers.sorted(by: { $0.key < $1.key }) {
            let value = trait.value.identity?.string ?? JSONWriter.text(of: trait.value)
            table.append([Table.Cell(trait.key.string, .dim), Table.Cell(value)])
        }
        return titled("Traits", table.text(width: width, indent: 2, style: style), style)
    }

    private func segmentSection(_ width: Int?, _ style: Style, _ showsHelpers: Bool) -> String {
        var table = Table([.text("segment"), .text("title", flexible: true), .text("since"), .text("at least until")])
        let shown = memberships.filter { showsHelpers || !$0.isHelper }
        for membership in shown {
            table.append([
                Table.Cell(membership.name, .strong), Table.Cell(membership.title ?? ""),
                Table.Cell(since(membership)),
                Table.Cell(membership.until.map { columnInstant($0, in: zone) } ?? "", .dim),
            ])
        }
        let hidden = memberships.count - shown.count
        var text = titled("Segments", table.text(width: width, indent: 2, style: style), style)
        if hidden > 0 {
            text += "  " + style.dim("\(counted(hidden, "more helper")) of other definitions; --all shows them") + "\n"
        }
        if let nextChange {
            text +=
                "  " + style.dim("next look at \(spokenInstant(nextChange, in: zone)): a segment may change then")
                + "\n"
        }
        return text
    }

    private func since(_ membership: Membership) -> String {
        switch membership.since {
        case .at(let instant): columnInstant(instant, in: zone)
        case .atOrBefore(let instant): "\(columnInstant(instant, in: zone)) or earlier"
        case nil: ""
        }
    }

    private func cartSection(_ style: Style) -> String {
        guard !cart.isEmpty else { return "" }
        let value = groupedDecimal("\(number(.cartValue) ?? .zero)", places: 2) + (currency.map { " \($0)" } ?? "")
        let quantity = groupedDecimal("\(number(.cartQuantity) ?? .zero)")
        let since = time(.cartUpdated).map { ", last changed \(spokenInstant($0, in: zone))" } ?? ""
        var table = Table([.number(""), .text(""), .text(""), .number("")])
        for line in cart {
            let name = line.product.flatMap { history.productName($0) }
            table.append([
                Table.Cell("\(groupedDecimal("\(line.quantity)")) ×"),
                Table.Cell([name?.string, line.product.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")),
                Table.Cell(line.variant?.string ?? ""),
                Table.Cell(line.price.map { groupedDecimal("\($0)", places: 2) } ?? "no price"),
            ])
        }
        let whole = "  quantity \(quantity), value \(value)\(since)\n"
        return titled("Cart now", table.text(indent: 2, style: style) + whole, style)
    }

    private func interestSection(_ width: Int?, _ style: Style) -> String {
        var table = Table([.text(""), .text("", flexible: true), .text(""), .number("")])
        let kinds = [("category", interests.categories), ("brand", interests.brands), ("product", interests.products)]
        for (kind, found) in kinds {
            let most = found.first?.weight ?? 0
            for (index, interest) in found.enumerated() {
                let value = interest.name.map { "\($0) (\(interest.value))" } ?? interest.value.string
                table.append([
                    Table.Cell(index == 0 ? kind : "", .dim), Table.Cell(value),
                    Table.Cell(bar(most > 0 ? interest.weight / most : 0, width: 12), .accent),
                    Table.Cell("\(grouped(interest.count))×"),
                ])
            }
        }
        return titled("Interests, recent ones first", table.text(width: width, indent: 2, style: style), style)
    }

    private func orderSection(_ width: Int?, _ style: Style) -> String {
        var table = Table([.text("time"), .text("order"), .number("revenue"), .number("items"), .text("")])
        for order in orders.suffix(10).reversed() {
            table.append([
                Table.Cell(columnInstant(order.time, in: zone)), Table.Cell(order.id ?? ""),
                Table.Cell(order.revenue.map { groupedDecimal("\($0)", places: 2) } ?? ""),
                Table.Cell(grouped(order.items)), Table.Cell(order.note ?? "", .warning),
            ])
        }
        let title = orders.count > 10 ? "The latest 10 of \(grouped(orders.count)) orders" : "Orders"
        return titled(title, table.text(width: width, indent: 2, style: style), style)
    }

    private func timeline(_ width: Int?, _ style: Style, _ limit: Int?) -> String {
        let rows = history.rows
        let shown = limit.map { rows.suffix($0) } ?? rows[...]
        var table = Table([.text(""), .text(""), .text("", flexible: true)])
        for message in shown.reversed() {
            table.append([
                Table.Cell(columnInstant(message.time, in: zone), .dim),
                Table.Cell(message.kind == .identify ? "traits set" : message.event.string),
                Table.Cell(facts(of: message)),
            ])
        }
        let title =
            shown.count < rows.count
            ? "The latest \(grouped(shown.count)) of \(grouped(rows.count)) events (--all shows all)" : "Timeline"
        return titled(title, table.text(width: width, indent: 2, style: style), style)
    }

    private func facts(of message: Message) -> String {
        if message.kind == .identify { return message.traits.members.map(\.key.string).joined(separator: ", ") }
        var facts = message.telling.map { "\($0.name) \($0.value)" }
        let items = history.items(of: message)
        if message.properties.contains("products"), !items.isEmpty {
            let names = items.prefix(3).compactMap { $0.name ?? $0.product }.map(\.string)
            facts.append(counted(items.count, "item") + (names.isEmpty ? "" : ": " + names.joined(separator: ", ")))
        }
        return facts.joined(separator: " · ")
    }

    private func titled(_ title: String, _ body: String, _ style: Style) -> String {
        body.isEmpty ? "" : style.strong(title) + "\n" + body
    }

    func number(_ metric: OwnMetric) -> Decimal128? {
        if case .number(let number)? = own[metric] { number } else { nil }
    }

    func time(_ metric: OwnMetric) -> Timestamp? {
        if case .time(let time)? = own[metric] { time } else { nil }
    }
}
