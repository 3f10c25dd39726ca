/// The names of a file's columns.
package struct Header: Hashable, Sendable {
    /// As they stand in the file, white space around them removed.
    package let names: [String]
    /// In the form in which they are compared: lower case, without spaces, hyphens and underscores.
    package let keys: [String]

    package init(_ names: [String]) {
        self.names = names.map { trimmed($0) }
        self.keys = self.names.map(Self.key)
    }

    /// How a name is compared: `Line-item Quantity`, `lineitem_quantity` and `LineitemQuantity` are one.
    package static func key(_ name: String) -> String {
        var key = ""
        for scalar in name.lowercased().unicodeScalars {
            switch scalar {
            case " ", "-", "_", "\u{A0}", "\u{FEFF}", "\t": continue
            default: key.unicodeScalars.append(scalar)
            }
        }
        return key
    }

    /// The first column of that key.
    package func column(_ key: String) -> Int? { keys.firstIndex(of: key) }

    /// The column a person means by a name: the very name first, else one that compares equal.
    package func column(named name: String) -> Int? {
        names.firstIndex(of: trimmed(name)) ?? column(Self.key(name))
    }

    package var count: Int { names.count }
}

/// The text without white space at its ends, no-break spaces and byte order marks included.
func trimmed(_ text: String) -> String {
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace || scalar == "\u{FEFF}" }
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isBlank($0) }),
        let last = scalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(text[first...last])
}
