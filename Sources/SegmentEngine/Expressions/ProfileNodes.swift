import Crypto
import EventModel
import EventStore
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

    override func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind { .time }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        for profile in profiles {
            let created = sweep.block.firstTimes[Int(profile)]
            if created <= sweep.now { column.set(created, profile) } else { column.setNull(profile) }
        }
    }

    override var fillingCost: Int { 1 }
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
        TimedValue(value(of: frame.evaluator.cart.state(at: frame.now)))
    }

    private func value(of state: CartHistory.State?) -> Value {
        guard let state else { return field == .updated ? .null : .number(0) }
        switch field {
        case .value: return state.value.map(Value.number) ?? .null
        case .items: return .number(Decimal128(state.lineCount))
        case .quantity: return state.quantity.map(Value.number) ?? .null
        case .updated: return .time(Timestamp(milliseconds: state.updated))
        }
    }

    override func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind {
        switch field {
        case .items: .count
        case .updated: .time
        case .value, .quantity: .any
        }
    }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        for profile in profiles {
            let value = value(of: sweep.cart(of: profile))
            if let number = column.kind.bound(of: value) {
                column.set(number, profile)
            } else if value.isNull {
                column.setNull(profile)
            } else {
                column.set(value, profile)
            }
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
        return TimedValue(value(of: net))
    }

    private func value(of net: NetOrders) -> Value {
        switch field {
        case .orders: .number(Decimal128(net.count))
        case .revenue: net.revenue.map(Value.number) ?? .null
        }
    }

    override func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind {
        switch field {
        case .orders: .count
        case .revenue: sweep.netSums.map { .decimal($0.exponent) } ?? .any
        }
    }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        for profile in profiles {
            if column.isWhole, let sums = sweep.netSums?.sums(of: profile) {
                column.set(field == .orders ? sums.count : sums.revenue, profile)
                continue
            }
            let value = value(of: sweep.netOrders(of: profile))
            if let number = column.kind.bound(of: value) {
                column.set(number, profile)
            } else {
                column.set(value, profile)
            }
        }
    }

    override var fillingCost: Int { 8 }
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

    override var swept: ValueNode { metric.swept }

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
