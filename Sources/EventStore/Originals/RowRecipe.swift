package import EventModel

/// How a row of a table becomes the message it stands for.
///
/// Rows of an event log are kept as they came, and this beside them: all that is needed to make the same message of a
/// row again, whatever a later program would make of such a file. It covers plain rows only; others are stored as
/// messages.
package struct RowRecipe: Hashable, Sendable {
    /// A column that becomes a property; an empty cell becomes none.
    package struct Property: Hashable, Sendable {
        package enum Reading: String, Sendable {
            case text
            /// A `PlainNumber`.
            case number
            /// As `LiteralCell` says.
            case literal
        }

        package var key: Text
        package var column: Int
        package var reading: Reading

        package init(_ key: Text, _ column: Int, _ reading: Reading) {
            self.key = key
            self.column = column
            self.reading = reading
        }
    }

    /// What an event is called that the file calls otherwise.
    package struct Naming: Hashable, Sendable {
        package var name: Text
        /// The property that keeps the file's word for it; nil for none.
        package var property: Text?

        package init(name: Text, property: Text?) {
            self.name = name
            self.property = property
        }
    }

    package var delimiter: UInt8
    /// Nil where quotes have no meaning.
    package var quote: UInt8?
    /// How many cells a row has.
    package var cells: Int
    /// What stands before the fraction of a number.
    package var decimalMark = UInt8(ascii: ".")
    package var digester: RowDigester
    /// Columns of a customer's id, of an e-mail address (the id, in lower case, of a row without one), of an anonymous id.
    package var customer: Int?
    package var email: Int?
    package var anonymous: Int?
    package var event: Int
    package var time: Int
    /// By the file's word; an event that is not here is called as the file calls it.
    package var names: [Text: Naming] = [:]
    /// Properties before that of `Naming`, and behind it, in the order of the message.
    package var first: [Property] = []
    package var then: [Property] = []
    /// A number that is `revenue` of an order, `total` of a refund, else `value`.
    package var amount: Int?
    package var currency: Int?
    /// The currency of amounts that come without one.
    package var usualCurrency: Text?
    /// Properties behind amount and currency.
    package var last: [Property] = []

    package init(
        delimiter: UInt8, quote: UInt8?, cells: Int, digester: RowDigester, event: Int, time: Int
    ) {
        self.delimiter = delimiter
        self.quote = quote
        self.cells = cells
        self.digester = digester
        self.event = event
        self.time = time
    }

    /// The property of an event's amount.
    package static func amountKey(of event: Text) -> Text {
        event == "Order Completed" ? "revenue" : event == "Order Refunded" ? "total" : "value"
    }

    /// An e-mail address as an id: lower case, for addresses are written in any.
    package static func id(email: Text) -> Text { Text(email.string.lowercased()) }
}

// MARK: - As JSON

extension RowRecipe {
    /// The recipe as it lies in a part; see docs/file-format.md.
    var json: JSONValue {
        var object = JSONObject()
        object.append("recipe", 1)
        object.append("delimiter", .number(Decimal128(Int(delimiter))))
        if let quote { object.append("quote", .number(Decimal128(Int(quote)))) }
        object.append("cells", .number(Decimal128(cells)))
        object.append("mark", .number(Decimal128(Int(decimalMark))))
        object.append("digest", .array(digester.columns.map { Self.list([$0.index, Int($0.mark)]) }))
        for (key, column) in [
            ("customer", customer), ("email", email), ("anonymous", anonymous), ("event", event), ("time", time),
            ("amount", amount), ("currency", currency),
        ] as [(Text, Int?)] {
            if let column { object.append(key, .number(Decimal128(column))) }
        }
        if let usualCurrency { object.append("usualCurrency", .string(usualCurrency)) }
        let names = names.sorted { $0.key < $1.key }.map { written, naming in
            JSONValue.array([.string(written), .string(naming.name), naming.property.map { .string($0) } ?? .null])
        }
        if !names.isEmpty { object.append("names", .array(names)) }
        for (key, properties) in [("first", first), ("then", then), ("last", last)] as [(Text, [Property])] {
            let list = properties.map { property in
                JSONValue.array([
                    .string(property.key), .number(Decimal128(property.column)),
                    .string(Text(property.reading.rawValue)),
                ])
            }
            if !list.isEmpty { object.append(key, .array(list)) }
        }
        return .object(object)
    }

    private static func list(_ numbers: [Int]) -> JSONValue { .array(numbers.map { .number(Decimal128($0)) }) }

    /// Nil when it is none, or one of a later kind.
    init?(json bytes: [UInt8]) {
        guard let object = try? JSONReader.parse(bytes).object else { return nil }
        func number(_ key: Text, below limit: Int) -> Int? {
            object[key]?.decimal?.asInt().flatMap { $0 >= 0 && $0 < limit ? $0 : nil }
        }
        guard number("recipe", below: 2) == 1, let delimiter = number("delimiter", below: 128),
            let cells = number("cells", below: 1 << 20), let mark = number("mark", below: 128),
            let event = number("event", below: cells), let time = number("time", below: cells),
            let digest = object["digest"]?.elements
        else { return nil }
        var columns: [RowDigester.Column] = []
        for element in digest {
            guard let pair = element.elements, pair.count == 2, let index = pair[0].decimal?.asInt(),
                (0..<cells).contains(index), let mark = pair[1].decimal?.asInt(), let mark = UInt16(exactly: mark)
            else { return nil }
            columns.append(RowDigester.Column(index: index, mark: mark))
        }
        self.init(
            delimiter: UInt8(delimiter), quote: number("quote", below: 128).map { UInt8($0) }, cells: cells,
            digester: RowDigester(columns: columns), event: event, time: time)
        decimalMark = UInt8(mark)
        customer = number("customer", below: cells)
        email = number("email", below: cells)
        anonymous = number("anonymous", below: cells)
        amount = number("amount", below: cells)
        currency = number("currency", below: cells)
        usualCurrency = object["usualCurrency"]?.text
        for element in object["names"]?.elements ?? [] {
            guard let words = element.elements, words.count == 3, let written = words[0].text, let name = words[1].text
            else { return nil }
            names[written] = Naming(name: name, property: words[2].text)
        }
        guard let first = Self.properties(object["first"], cells), let then = Self.properties(object["then"], cells),
            let last = Self.properties(object["last"], cells)
        else { return nil }
        (self.first, self.then, self.last) = (first, then, last)
    }

    private static func properties(_ value: JSONValue?, _ cells: Int) -> [Property]? {
        var properties: [Property] = []
        for element in value?.elements ?? [] {
            guard let parts = element.elements, parts.count == 3, let key = parts[0].text,
                let column = parts[1].decimal?.asInt(), (0..<cells).contains(column),
                let reading = parts[2].text.flatMap({ Property.Reading(rawValue: $0.string) })
            else { return nil }
            properties.append(Property(key, column, reading))
        }
        return properties
    }
}

/// A recipe with its stored form, shared by all rows that follow it.
package final class StoredRecipe: Sendable {
    package let recipe: RowRecipe
    let bytes: [UInt8]

    package init(_ recipe: RowRecipe) {
        self.recipe = recipe
        bytes = JSONWriter.bytes(of: recipe.json)
    }
}
