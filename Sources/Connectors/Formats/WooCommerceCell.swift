import EventModel

/// Cells in which WooCommerce's suites keep several entries: `name:Tea|sku:T1|quantity:2||name:Cup|…`, the same with
/// `;` between entries, or a JSON array of objects.
enum WooCommerceCell {
    /// The entries, each as values by key; empty values are left out.
    static func entries(_ text: Text) throws(RowProblem) -> [[String: String]] {
        if text.utf8.first == UInt8(ascii: "[") || text.utf8.first == UInt8(ascii: "{") { return try fromJSON(text) }
        return split(text.string).compactMap { entry in
            let values = pairs(entry)
            return values.isEmpty ? nil : values
        }
    }

    private static func split(_ text: String) -> [String] {
        if text.contains("||") { return text.split(separator: "||").map(String.init) }
        // A semicolon separates entries only where another begins: names may hold one.
        var entries: [String] = []
        for piece in text.split(separator: ";", omittingEmptySubsequences: true) {
            let start = trimmed(String(piece))
            if entries.isEmpty || firstKeys.contains(where: { start.hasPrefix($0) }) {
                entries.append(start)
            } else {
                entries[entries.count - 1] += ";" + piece
            }
        }
        return entries
    }

    private static let firstKeys = ["name:", "id:", "product_id:", "sku:", "code:"]

    private static func pairs(_ entry: String) -> [String: String] {
        var values: [String: String] = [:]
        for pair in entry.split(separator: "|") {
            guard let colon = pair.firstIndex(of: ":") else { continue }
            let key = trimmed(String(pair[..<colon])).lowercased()
            let value = trimmed(String(pair[pair.index(after: colon)...]))
            if !value.isEmpty, values[key] == nil { values[key] = value }
        }
        return values
    }

    private static func fromJSON(_ text: Text) throws(RowProblem) -> [[String: String]] {
        guard let value = try? JSONReader.parse(Array(text.utf8)) else {
            throw RowProblem("bad-json", "a cell begins like JSON and is none")
        }
        return (value.elements ?? [value]).compactMap(\.object).map { object in
            var values: [String: String] = [:]
            for member in object.members {
                if let text = member.value.identity, !text.isEmpty {
                    values[member.key.string.lowercased()] = text.string
                }
            }
            return values
        }
    }
}
