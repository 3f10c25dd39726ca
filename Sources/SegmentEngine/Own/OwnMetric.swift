package import Columns
package import EventModel
package import EventStore
package import SegmentLanguage

/// What commands and pages want to know of profiles besides the definitions that people write.
///
/// Their names start with a dollar sign, which no name of the language does.
package enum OwnMetric: String, CaseIterable {
    case netOrders = "$net_orders"
    case netRevenue = "$net_revenue"
    case email = "$email"
    case personName = "$name"
    /// As the shopper said.
    case country = "$country"
    /// Where most of what the shopper did was done, and the medium of the campaign that brought most of it.
    case visitCountry = "$visit_country"
    case channel = "$channel"
    case lastSeen = "$last_seen"
    case cartValue = "$cart_value"
    case cartItems = "$cart_items"
    case cartQuantity = "$cart_quantity"
    case cartUpdated = "$cart_updated"
    case visits = "$visits"
    case firstVisit = "$first_visit"
    case lastVisit = "$last_visit"
    case meanGap = "$mean_gap"

    package var name: Text { Text(rawValue) }

    package var definition: Definition { Definition(name: name, body: .metric(SegmentLanguage.Value(kind))) }

    /// The value that the context of a profile's events has most often.
    private static func mostFrequent(_ path: [Text]) -> SegmentLanguage.Value.Kind {
        let value = SegmentLanguage.Value(.property(PropertyPath(.context, path)))
        return .aggregate(.mostFrequent, of: value, EventQuery(.anyEvent))
    }

    private var kind: SegmentLanguage.Value.Kind {
        switch self {
        case .netOrders: .metric("net_orders")
        case .netRevenue: .metric("net_revenue")
        case .email: .trait(["email"])
        case .personName: .trait(["name"])
        case .country: .trait(["country"])
        case .visitCountry: Self.mostFrequent(["location", "country"])
        case .channel: Self.mostFrequent(["campaign", "medium"])
        case .lastSeen: .aggregate(.last, of: nil, EventQuery(.anyEvent))
        case .cartValue: .cart(.value)
        case .cartItems: .cart(.items)
        case .cartQuantity: .cart(.quantity)
        case .cartUpdated: .cart(.updated)
        case .visits: .aggregate(.count, of: nil, EventQuery(.visit))
        case .firstVisit: .aggregate(.first, of: nil, EventQuery(.visit))
        case .lastVisit: .aggregate(.last, of: nil, EventQuery(.visit))
        case .meanGap: TypicalGap.meanGap.kind
        }
    }
}

extension BatchResult {
    package func number(of metric: OwnMetric, _ profile: ProfileNumber) -> Decimal128? {
        if case .number(let number)? = metrics[metric.name]?[profile] { number } else { nil }
    }

    package func text(of metric: OwnMetric, _ profile: ProfileNumber) -> String? {
        switch metrics[metric.name]?[profile] {
        case .string(let text)?: text.string
        case .number(let number)?: number.description
        default: nil
        }
    }

    package func time(of metric: OwnMetric, _ profile: ProfileNumber) -> Timestamp? {
        if case .time(let time)? = metrics[metric.name]?[profile] { time } else { nil }
    }

    /// The exact sum of a metric over some profiles; values that are no numbers are passed over.
    package func total(of metric: OwnMetric, among profiles: Bitmap) -> Decimal128 {
        var sum = Decimal128.ExactSum()
        guard let values = metrics[metric.name] else { return .zero }
        for profile in profiles {
            if case .number(let number) = values[ProfileNumber(profile)] { sum.add(number) }
        }
        return sum.value() ?? .zero
    }
}
