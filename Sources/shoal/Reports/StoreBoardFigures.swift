import Analytics
import EventModel

extension OverviewLine.Amount {
    var json: JSONValue {
        switch self {
        case .amount(let amount): .number(amount)
        case .count(let count): .count(count)
        case .share(let number), .ratio(let number): .rounded(number)
        case .none: .null
        }
    }
}

extension StoreBoardReport {
    var json: JSONValue {
        .object([
            ("asOf", .time(asOf)),
            ("zone", .text(zone.identifier)),
            ("currency", currency.map { .text($0) }),
            ("segment", segment.map { .text($0) }),
            ("period", json(answer.period, answer.figures)),
            ("before", json(answer.before, answer.figuresBefore)),
            ("by", .text(answer.unit.rawValue)),
            ("series", .array(answer.series.map(json))),
            ("seriesBefore", .array(answer.seriesBefore.map(json))),
            ("productCount", .count(answer.productCount)),
            (
                "products",
                .array(
                    answer.products.map { product in
                        .object([
                            ("id", .string(product.id)), ("name", product.name.map { .string($0) }),
                            ("orders", .count(product.orders)), ("quantity", .amount(product.quantity)),
                            ("revenue", .amount(product.revenue)), ("revenueBefore", .amount(product.revenueBefore)),
                        ])
                    })
            ),
            ("categoryCount", .count(answer.categoryCount)),
            (
                "categories",
                .array(
                    answer.categories.map { category in
                        .object([
                            ("name", .string(category.name)), ("orders", .count(category.orders)),
                            ("quantity", .amount(category.quantity)), ("revenue", .amount(category.revenue)),
                            ("revenueBefore", .amount(category.revenueBefore)),
                        ])
                    })
            ),
            ("channelCount", .count(answer.channelCount)),
            ("channels", .array(answer.channels.map(json))),
        ])
    }

    private func json(_ period: Period, _ figures: OverviewFigures) -> JSONValue {
        let bounds: [(String, JSONValue?)] = [("from", .time(period.from)), ("to", .time(period.to))]
        return .object(bounds + OverviewLine.all.map { ($0.key, $0.value(figures).json) })
    }

    private func json(_ point: OverviewPoint) -> JSONValue {
        .object([
            ("from", .text(point.firstDay.iso)), ("revenue", .amount(point.revenue)), ("orders", .count(point.orders)),
            ("buyers", .count(point.buyers)), ("activeProfiles", .count(point.activeProfiles)),
            ("visits", .count(point.visits)),
        ])
    }

    private func json(_ channel: ChannelFigures) -> JSONValue {
        .object([
            ("name", channel.name.map { .string($0) } ?? .null), ("visits", .count(channel.visits)),
            ("visitsBefore", .count(channel.visitsBefore)), ("orders", .count(channel.orders)),
            ("ordersBefore", .count(channel.ordersBefore)), ("revenue", .amount(channel.revenue)),
            ("revenueBefore", .amount(channel.revenueBefore)), ("visitsWithOrder", .count(channel.visitsWithOrder)),
        ])
    }
}
