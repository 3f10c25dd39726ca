import EventModel
import SegmentEngine
import SegmentLanguage

extension Program {
    /// The program without definitions that rank, and without those that refer to one.
    var withoutRanks: Program {
        var dropped: Set<Text> = []
        for definition in definitions {
            let refers = definition.references().contains { dropped.contains($0.name) }
            if refers || definition.condition?.ranks == true { dropped.insert(definition.name) }
        }
        return Program(inDependencyOrder: definitions.filter { !dropped.contains($0.name) })
    }
}

extension Condition {
    /// Whether a rank stands in it.
    fileprivate var ranks: Bool {
        switch kind {
        case .rank: true
        case .and(let parts), .or(let parts): parts.contains(where: \.ranks)
        case .not(let part), .forGroups(_, _, let part): part.ranks
        default: false
        }
    }
}

/// What commands want to know of profiles besides the definitions that people write.
///
/// Their names start with a dollar sign, which no name of the language does.
enum OwnMetric: String, CaseIterable {
    case netOrders = "$net_orders"
    case netRevenue = "$net_revenue"
    case email = "$email"
    case lastSeen = "$last_seen"
    case cartValue = "$cart_value"
    case cartItems = "$cart_items"
    case cartQuantity = "$cart_quantity"
    case cartUpdated = "$cart_updated"
    case visits = "$visits"
    case firstVisit = "$first_visit"
    case lastVisit = "$last_visit"
    case meanGap = "$mean_gap"

    var name: Text { Text(rawValue) }

    var definition: Definition { Definition(name: name, body: .metric(SegmentLanguage.Value(kind))) }

    private var kind: SegmentLanguage.Value.Kind {
        switch self {
        case .netOrders: .metric("net_orders")
        case .netRevenue: .metric("net_revenue")
        case .email: .trait(["email"])
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
