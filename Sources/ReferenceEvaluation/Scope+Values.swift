import EventModel
import SegmentLanguage

extension Scope {
    /// What a value is here; in a filter or an aggregate, of the event and item that the scope speaks of.
    func value(_ value: Value) -> ReferenceValue {
        switch value.kind {
        case .number(let number): .number(number)
        case .percent(let percent): percent.divided(by: 100).map { .number($0) } ?? .null
        case .string(let text): .string(text)
        case .bool(let bool): .bool(bool)
        case .duration(let literal): .duration(Decimal128(Int(literal.milliseconds)))
        case .time(let literal): .time(literal.instant(in: zone))
        case .weekday(let weekday): .number(Decimal128(weekday.rawValue))
        case .consentState(let state): .string(Text(state.rawValue))
        case .now: .time(Timestamp(milliseconds: now))
        case .ago(let length): .time(Timestamp(milliseconds: shift(now, by: -length.milliseconds)))
        case .fromNow(let length): .time(Timestamp(milliseconds: shift(now, by: length.milliseconds)))

        case .aggregate(let aggregate, let operand, let query): self.aggregate(aggregate, of: operand, query)

        case .trait(let path): ReferenceValue(profile.trait(path, at: now))
        case .profileCreated: profile.created.map { .time(Timestamp(milliseconds: $0)) } ?? .null
        case .cart(let field): cartValue(field)
        case .metric(let name): metric(name)
        case .consent(let purpose):
            profile.consent(for: purpose, at: now).map { .string(Text($0.state.rawValue)) } ?? .null
        case .bucket(let salt): bucket(salt: salt, profile: profile.id).map { .number($0) } ?? .null

        case .timeFunction(let field, let local, let argument): timeFunction(field, local: local, of: argument)
        case .eventField(let field, let local):
            event.map { self.field(field, of: Timestamp(milliseconds: $0.time), in: local ? localZone : zone) } ?? .null
        case .eventTime: event.map { .time(Timestamp(milliseconds: $0.time)) } ?? .null
        case .property(let path): event.map { ReferenceValue(property(path, of: $0, item: item)) } ?? .null

        case .arithmetic(let left, let arithmetic, let right):
            calculate(self.value(left), arithmetic, self.value(right), zone: zone)
        case .negated(let inner): negated(self.value(inner))
        }
    }

    private func cartValue(_ field: CartField) -> ReferenceValue {
        let cart = Cart(replaying: history, catalogue: world.settings.catalogue)
        switch field {
        case .value: return cart.value.map { .number($0) } ?? .null
        case .items: return .number(Decimal128(cart.items))
        case .quantity: return cart.quantity.map { .number($0) } ?? .null
        case .updated: return cart.updated.map { .time(Timestamp(milliseconds: $0)) } ?? .null
        }
    }

    private func metric(_ name: Text) -> ReferenceValue {
        switch name {
        case "net_orders":
            .number(Decimal128(NetOrders(of: history, catalogue: world.settings.catalogue).count))
        case "net_revenue":
            NetOrders(of: history, catalogue: world.settings.catalogue).revenue.map { .number($0) } ?? .null
        default: world.metric(name, of: profile, at: now, watch: watch)
        }
    }
}

// MARK: - Properties

extension Scope {
    /// What a path leads to: the event's or item's own value, else what the catalogue knows of the product.
    func property(_ path: PropertyPath, of event: Event, item: JSONObject?) -> JSONValue? {
        switch path.scope {
        case .context:
            return lookUp(path.parts, in: event.context)
        case .items:
            return item.flatMap { ownOrListed(path.parts, in: $0) }
        case .properties:
            if path.parts.count == 1, let name = path.parts.first, let figure = event.visit?.property(name) {
                return figure
            }
            return ownOrListed(path.parts, in: event.properties)
        }
    }

    private func ownOrListed(_ parts: [Text], in object: JSONObject) -> JSONValue? {
        if let own = lookUp(parts, in: object) { return own }
        guard let product = ReferenceValue(object["product_id"]).identity,
            let listed = world.settings.catalogue.value(productID: product, path: parts), listed != .null
        else { return nil }
        return listed
    }
}

extension Value {
    /// Whether a path into the items occurs in it.
    var mentionsItems: Bool {
        switch kind {
        case .property(let path): path.scope == .items
        case .arithmetic(let left, _, let right): left.mentionsItems || right.mentionsItems
        case .negated(let inner), .timeFunction(_, _, let inner): inner.mentionsItems
        default: false
        }
    }
}
