import Crypto
import EventModel
import SegmentLanguage

/// `profile.created`: the time of the profile's first message.
final class ProfileCreatedNode: ValueNode, @unchecked Sendable {
    init(slot: Int, source: SegmentLanguage.Value) {
        super.init(slot: slot, traits: .constant, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        let created = frame.evaluator.created
        return TimedValue(created <= frame.now ? .time(Timestamp(milliseconds: created)) : .null)
    }
}

/// `bucket("salt")`: the first 48 bits of SHA-256(salt, one zero byte, profile id) / 2^48.
final class BucketNode: ValueNode, @unchecked Sendable {
    let salt: Text

    init(slot: Int, source: SegmentLanguage.Value, salt: Text) {
        self.salt = salt
        super.init(slot: slot, traits: .constant, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        TimedValue(Self.bucket(salt: salt, profileID: frame.evaluator.profileID))
    }

    static func bucket(salt: Text, profileID: Text) -> Value {
        let digest = SHA256.hash(data: Array(salt.utf8) + [0] + Array(profileID.utf8))
        let bits = digest.prefix(6).reduce(0 as Int) { $0 << 8 | Int($1) }
        return Decimal128(bits).divided(by: Decimal128(1 << 48)).map(Value.number) ?? .null
    }
}

/// `cart.value`, `.items`, `.quantity`, `.updated`.
final class CartNode: ValueNode, @unchecked Sendable {
    let field: CartField

    init(slot: Int, source: SegmentLanguage.Value, field: CartField) {
        self.field = field
        super.init(slot: slot, traits: .constant, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        guard let state = frame.evaluator.cart.state(at: frame.now) else {
            return TimedValue(field == .updated ? .null : .number(0))
        }
        switch field {
        case .value: return TimedValue(state.value.map(Value.number) ?? .null)
        case .items: return TimedValue(.number(Decimal128(state.lineCount)))
        case .quantity: return TimedValue(state.quantity.map(Value.number) ?? .null)
        case .updated: return TimedValue(.time(Timestamp(milliseconds: state.updated)))
        }
    }
}

/// The built-in metrics `net_orders` and `net_revenue`.
final class NetNode: ValueNode, @unchecked Sendable {
    enum Field: Sendable {
        case orders, revenue
    }

    let field: Field

    init(slot: Int, source: SegmentLanguage.Value, field: Field) {
        self.field = field
        super.init(slot: slot, traits: .constant, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        let net = frame.netOrders ?? NetOrders(frame)
        frame.netOrders = net
        switch field {
        case .orders: return TimedValue(.number(Decimal128(net.count)))
        case .revenue: return TimedValue(net.revenue.map(Value.number) ?? .null)
        }
    }
}

/// A metric by name: its value, under a name of its own in explanations.
final class MetricNode: ValueNode, @unchecked Sendable {
    let metric: ValueNode

    init(slot: Int, source: SegmentLanguage.Value, metric: ValueNode) {
        self.metric = metric
        // A metric is the profile's, also inside a group.
        super.init(
            slot: slot, traits: NodeTraits(clock: metric.traits.clock, ranks: metric.traits.ranks), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue { metric.evaluate(frame, .none) }

    override func bounds(_ frame: Frame, _ place: Occurrence, horizon: Int64) -> Bounds {
        metric.bounds(frame.root, .none, horizon: horizon)
    }

    override func rational(_ frame: Frame, _ place: Occurrence) -> Rational? {
        metric.rational(frame.root, .none)
    }

    override var slope: Int? { metric.slope }

    override func untilApartFromSlope(_ frame: Frame, _ place: Occurrence) -> Int64 {
        metric.untilApartFromSlope(frame.root, .none)
    }
}
