/// What becomes of an event's properties before the language sees them (segment-language.md, section 1).
enum PropertyRules {
    static func apply(to message: inout Message, settings: WorkspaceSettings) {
        dropEmptyStrings(of: &message)
        if let base = settings.baseCurrency {
            convertAmounts(of: &message, to: base, settings)
        }
    }

    // MARK: - Empty strings

    /// Leaves out empty strings of the vocabulary's own fields, in the properties and in the items.
    private static func dropEmptyStrings(of message: inout Message) {
        let ownFields = Vocabulary.ownFields(of: message.event)
        guard !ownFields.isEmpty else { return }
        dropEmptyStrings(of: &message.properties, in: ownFields)
        let hasEmptyItem = message.properties["products" as Text]?.elements?.contains { item in
            item.object.map { hasEmptyString($0, in: Vocabulary.productFields) } ?? false
        }
        guard hasEmptyItem == true else { return }
        changeItems(of: &message.properties) { dropEmptyStrings(of: &$0, in: Vocabulary.productFields) }
    }

    private static func dropEmptyStrings(of object: inout JSONObject, in fields: Set<Text>) {
        guard hasEmptyString(object, in: fields) else { return }
        // The last of two members with one key counts, so an empty one there takes the others with it.
        let dropped = Set(object.effectiveMembers.filter { isEmpty($0, in: fields) }.map(\.key))
        object.removeAll { dropped.contains($0.key) || isEmpty($0, in: fields) }
    }

    private static func hasEmptyString(_ object: JSONObject, in fields: Set<Text>) -> Bool {
        object.members.contains { isEmpty($0, in: fields) }
    }

    private static func isEmpty(_ member: JSONObject.Member, in fields: Set<Text>) -> Bool {
        if case .string(let text) = member.value { text.isEmpty && fields.contains(member.key) } else { false }
    }

    // MARK: - Currency

    private static let amounts: Set<Text> = ["revenue", "value", "total", "subtotal", "tax", "shipping", "discount"]

    /// Converts the amounts of an event that names another currency; without a rate they are left out and reported.
    private static func convertAmounts(of message: inout Message, to base: Text, _ settings: WorkspaceSettings) {
        guard let currency = message.properties["currency" as Text]?.text, !currency.isEmpty,
            !ExchangeRates.isSame(currency, base)
        else { return }
        let rate = settings.rates.rate(of: currency, on: settings.zone.day(of: message.time))
        var isLost = false
        let ownPrice = message.properties.isOwnItem || Vocabulary.isVocabulary(message.event)
        convert(ownPrice ? amounts.union(["price"]) : amounts, of: &message.properties, by: rate, &isLost)
        changeItems(of: &message.properties) { convert(["price"], of: &$0, by: rate, &isLost) }
        if isLost { message.warnings.append("no-exchange-rate") }
    }

    private static func convert(
        _ fields: Set<Text>, of object: inout JSONObject, by rate: Decimal128?, _ isLost: inout Bool
    ) {
        for field in fields {
            guard let amount = object[field]?.numeric else { continue }
            let converted = rate.flatMap { amount.multiplied(by: $0) }
            object[field] = converted.map { .number($0) }
            if converted == nil { isLost = true }
        }
    }

    /// Changes each object of `products` in place.
    private static func changeItems(of properties: inout JSONObject, _ change: (inout JSONObject) -> Void) {
        guard case .array(var items)? = properties["products" as Text] else { return }
        for index in items.indices {
            guard case .object(var item) = items[index] else { continue }
            change(&item)
            items[index] = .object(item)
        }
        properties["products" as Text] = .array(items)
    }
}
