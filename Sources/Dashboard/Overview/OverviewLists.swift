import Analytics
import EventModel

/// What was sold in a period, and over which channels people came, as tables.
struct OverviewLists {
    let answer: OverviewQuery.Answer
    let currency: String?

    private var revenue: String { currency.map { "Revenue, \($0)" } ?? "Revenue" }

    var products: HTML {
        table(
            "Products that brought most", shown: answer.products.count, of: answer.productCount,
            [.text("Product"), .number("Orders"), .number("Pieces"), .number(revenue), .number("Before")],
            answer.products.map { product in
                let id: HTML? = product.name.map { _ in "<span class=\"under\">\(product.id.string)</span>" }
                return [
                    "\((product.name ?? product.id).string)\(id)", "\(grouped(product.orders))",
                    "\(pieces(product.quantity))", "\(money(product.revenue))", "\(money(product.revenueBefore))",
                ]
            })
    }

    var categories: HTML {
        table(
            "Categories that brought most", shown: answer.categories.count, of: answer.categoryCount,
            [.text("Category"), .number("Orders"), .number("Pieces"), .number(revenue), .number("Before")],
            answer.categories.map { category in
                [
                    "\(category.name.string)", "\(grouped(category.orders))", "\(pieces(category.quantity))",
                    "\(money(category.revenue))", "\(money(category.revenueBefore))",
                ]
            })
    }

    var channels: HTML {
        table(
            "Channels", shown: answer.channels.count, of: answer.channelCount,
            [
                .text("Channel"), .number("Visits"), .number("Before"), .number("Orders"), .number("Before"),
                .number("With an order"), .number(revenue), .number("Before"),
            ],
            answer.channels.map { channel in
                [
                    channel.name.map { "\($0.string)" } ?? "<span class=\"soft\">no visit</span>",
                    "\(grouped(channel.visits))", "\(grouped(channel.visitsBefore))", "\(grouped(channel.orders))",
                    "\(grouped(channel.ordersBefore))", "\(channel.conversion.map { percentage($0) } ?? "–")",
                    "\(money(channel.revenue))", "\(money(channel.revenueBefore))",
                ]
            })
    }

    private func table(_ title: String, shown: Int, of all: Int, _ columns: [Pieces.Column], _ rows: [[HTML]]) -> HTML {
        guard !rows.isEmpty else { return "" }
        let caption =
            shown < all
            ? "The first \(grouped(shown)) of \(grouped(all)), beside the period before" : "Beside the period before"
        return "<section class=\"card flush\"><h2>\(title)</h2>\n\(Pieces.table(caption, columns, rows))</section>\n"
    }

    private func money(_ amount: Decimal128?) -> String { amount.map { groupedDecimal("\($0)", places: 2) } ?? "–" }
    private func pieces(_ amount: Decimal128?) -> String { amount.map { groupedDecimal("\($0)") } ?? "–" }
}
