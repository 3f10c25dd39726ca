import Analytics
import EventModel
import SegmentEngine

extension ProfileReport {
    /// - Parameter timelineLimit: how many of the latest events to give; nil: all.
    func json(timelineLimit: Int?) -> JSONValue {
        let rows = history.rows
        let shown = timelineLimit.map { rows.suffix($0) } ?? rows[...]
        let identities = history.identities
        return .object([
            ("id", .string(id)),
            ("asOf", .time(asOf)),
            ("exists", .bool(!rows.isEmpty)),
            ("firstSeen", rows.first.map { .time($0.time) }),
            ("lastSeen", rows.last.map { .time($0.time) }),
            ("userIds", .array(identities.users.map { .string($0) })),
            ("anonymousIds", .array(identities.anonymous.map { .string($0) })),
            ("traits", .object(history.traits)),
            ("currency", currency.map { .text($0) }),
            ("netOrders", number(.netOrders).map { .number($0) }),
            ("netRevenue", number(.netRevenue).map { .number($0) }),
            ("visits", number(.visits).map { .number($0) }),
            ("firstVisit", time(.firstVisit).map { .time($0) }),
            ("lastVisit", time(.lastVisit).map { .time($0) }),
            ("cart", cartJSON),
            (
                "interests",
                .object([
                    ("categories", Self.json(of: interests.categories)), ("brands", Self.json(of: interests.brands)),
                    ("products", Self.json(of: interests.products)),
                ])
            ),
            (
                "segments",
                .array(
                    memberships.map { membership in
                        .object([
                            ("name", .text(membership.name)), ("title", membership.title.map { .text($0) }),
                            ("helper", membership.isHelper ? .bool(true) : nil),
                            ("since", membership.exactStart.map { .time($0) }),
                            ("sinceOrEarlier", membership.latestStart.map { .time($0) }),
                            ("validUntil", membership.until.map { .time($0) }),
                        ])
                    })
            ),
            ("nextChange", nextChange.map { .time($0) }),
            ("orders", .array(orders.map(Self.json))),
            ("events", .count(rows.count)),
            ("timeline", .array(shown.map(Self.json))),
        ])
    }

    private var cartJSON: JSONValue {
        .object([
            (
                "lines",
                .array(
                    cart.map { line in
                        .object([
                            ("product", line.product.map { .string($0) }),
                            ("variant", line.variant.map { .string($0) }),
                            ("quantity", .number(line.quantity)), ("price", line.price.map { .number($0) }),
                        ])
                    })
            ),
            ("items", .number(number(.cartItems) ?? .zero)), ("quantity", .number(number(.cartQuantity) ?? .zero)),
            ("value", .number(number(.cartValue) ?? .zero)), ("updated", time(.cartUpdated).map { .time($0) }),
        ])
    }

    private static func json(of interests: [Interests.Interest]) -> JSONValue {
        .array(
            interests.map { interest in
                .object([
                    ("value", .string(interest.value)), ("name", interest.name.map { .string($0) }),
                    ("count", .count(interest.count)),
                    ("weight", Decimal128((interest.weight * 1000).rounded() / 1000).map { .number($0) }),
                ])
            })
    }

    private static func json(of order: ProfileHistory.Order) -> JSONValue {
        .object([
            ("time", .time(order.time)), ("orderId", order.id.map { .text($0) }),
            ("revenue", order.revenue.map { .number($0) }), ("items", .count(order.items)),
            ("note", order.note.map { .text($0) }),
        ])
    }

    private static func json(of message: Message) -> JSONValue {
        .object([
            ("time", .time(message.time)), ("type", .text(message.kind.rawValue)),
            ("event", message.kind.isEvent ? .string(message.event) : nil),
            ("properties", message.kind.isEvent ? .object(message.properties) : nil),
            ("traits", message.kind == .identify ? .object(message.traits) : nil),
        ])
    }
}

extension ProfileReport.Membership {
    fileprivate var exactStart: Timestamp? { if case .at(let instant)? = since { instant } else { nil } }
    fileprivate var latestStart: Timestamp? { if case .atOrBefore(let instant)? = since { instant } else { nil } }
}
