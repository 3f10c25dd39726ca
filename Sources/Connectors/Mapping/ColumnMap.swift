package import EventModel

/// Which column holds which field, and what becomes of the columns no field wants.
package struct ColumnMap: Sendable {
    package let header: Header
    /// Columns by field.
    package private(set) var columns: [Field: Int] = [:]
    /// The same by the field's number, -1 for none: rows are read by it.
    private var columnByField = [Int](repeating: -1, count: Field.allCases.count)
    /// Values given instead of columns: `--map currency=@EUR`.
    package private(set) var constants: [Field: String] = [:]
    /// Columns that become properties (of the event, the item or the person) under a name of their own.
    package private(set) var extras: [Extra] = []

    package struct Extra: Hashable, Sendable {
        package var column: Int
        package var name: Text
        /// Texts such as postal codes and ids stay texts, even when they look like numbers.
        package var staysText: Bool
    }

    /// - Parameter assignments: what the person said; it goes before what the format knows.
    package init(header: Header, rules: [FieldRule], assignments: MapAssignments) {
        self.header = header
        constants = assignments.constants
        columns = assignments.columns
        var taken = Set(assignments.columns.values).union(assignments.ignored)
        for rule in rules where columns[rule.field] == nil && constants[rule.field] == nil {
            for key in rule.keys {
                guard let column = header.column(key), !taken.contains(column) else { continue }
                columns[rule.field] = column
                taken.insert(column)
                break
            }
        }
        var names: Set<Text> = []
        for (field, column) in columns { columnByField[field.rawValue] = column }
        for (name, column) in assignments.extras.sorted(by: { $0.value < $1.value }) {
            extras.append(Extra(column: column, name: name, staysText: false))
            names.insert(name)
            taken.insert(column)
        }
        for column in header.names.indices where !taken.contains(column) {
            let name = Self.propertyName(header.names[column])
            guard !name.isEmpty, names.insert(name).inserted else { continue }
            extras.append(Extra(column: column, name: name, staysText: Self.staysText(name)))
        }
    }

    /// The column of a field. Complexity: O(1), without hashing.
    package func column(_ field: Field) -> Int? {
        let column = columnByField[field.rawValue]
        return column < 0 ? nil : column
    }

    package func has(_ field: Field) -> Bool { columns[field] != nil || constants[field] != nil }

    /// The requirements (each: one of these fields) that nothing was found for.
    package func missing(of requirements: [[Field]]) -> [[Field]] {
        requirements.filter { !$0.contains(where: has) }
    }

    /// The name under which a column becomes a property: `Acquisition Channel` is `acquisition_channel`.
    ///
    /// Names that are already one word stay as they are.
    package static func propertyName(_ name: String) -> Text {
        let isWord = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
                || byte >= 0x80
        }
        if isWord { return Text(name) }
        var result = ""
        for scalar in name.lowercased().unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                result.unicodeScalars.append(scalar)
            } else if !result.isEmpty, result.utf8.last != UInt8(ascii: "_") {
                result.append("_")
            }
        }
        while result.utf8.last == UInt8(ascii: "_") { result.removeLast() }
        return Text(result)
    }

    private static func staysText(_ name: Text) -> Bool {
        let key = Header.key(name.string)
        return ["id", "code", "zip", "postcode", "phone", "sku", "upc", "ean", "isbn", "number", "name", "address"]
            .contains { key.hasSuffix($0) } || key.hasPrefix("postal") || key.hasPrefix("zip")
    }
}

/// What a person said with `--map`, resolved against a header.
package struct MapAssignments: Hashable, Sendable {
    package var columns: [Field: Int] = [:]
    package var constants: [Field: String] = [:]
    /// `--map properties.colour=Farbe`: property names of the person's own.
    package var extras: [Text: Int] = [:]
    /// `--map ignore=Notes`: columns that are left out.
    package var ignored: Set<Int> = []

    package init() {}

    /// Reads `FIELD=COLUMN`, `FIELD=@CONSTANT`, `properties.NAME=COLUMN` and `ignore=COLUMN`.
    ///
    /// Throws `ImportError.badMapping` for a field there is not, a column the file has not, or anything else.
    package init(_ pairs: [String], header: Header, path: String) throws(ImportError) {
        for pair in pairs {
            guard let equals = pair.firstIndex(of: "=") else {
                throw .badMapping(pair, reason: "it is no FIELD=COLUMN")
            }
            let left = trimmed(String(pair[..<equals]))
            var right = trimmed(String(pair[pair.index(after: equals)...]))
            if right.hasPrefix("@"), !right.hasPrefix("@@") {
                guard let field = Field(word: left) else { throw Self.unknownField(left, in: pair) }
                constants[field] = String(right.dropFirst())
                continue
            }
            if right.hasPrefix("@@") { right.removeFirst() }
            guard let column = header.column(named: right) else {
                throw .unknownColumn(right, mapping: pair, path: path, columns: header.names)
            }
            if let field = Field(word: left) {
                guard !field.isSetting else {
                    throw .badMapping(pair, reason: "\(left) takes a value, not a column: \(field.meaning)")
                }
                columns[field] = column
            } else if left == "ignore" {
                ignored.insert(column)
            } else if let name = Self.extraName(left) {
                extras[name] = column
            } else {
                throw Self.unknownField(left, in: pair)
            }
        }
    }

    private static func extraName(_ left: String) -> Text? {
        for prefix in ["properties.", "traits.", "products."] where left.hasPrefix(prefix) {
            let name = left.dropFirst(prefix.count)
            return name.isEmpty ? nil : Text(String(name))
        }
        return nil
    }

    private static func unknownField(_ name: String, in pair: String) -> ImportError {
        let near = nearest(to: name, among: Field.words)
        let hint = near.map { "did you mean \($0)?" } ?? "fields: \(Field.words.joined(separator: ", "))"
        return .badMapping(pair, reason: "there is no field \(name); \(hint)")
    }
}

/// The candidate that takes the fewest changes of single characters, if they are few (Levenshtein 1966).
func nearest(to word: String, among candidates: [String]) -> String? {
    let letters = Array(word.lowercased().unicodeScalars.prefix(64))
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
        let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
        var row = Array(0...other.count)
        for (i, letter) in letters.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, otherLetter) in other.enumerated() {
                let substituted = diagonal + (letter == otherLetter ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        let distance = row[other.count]
        if distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    guard let best, best.distance <= max(1, letters.count / 3) else { return nil }
    return best.candidate
}
