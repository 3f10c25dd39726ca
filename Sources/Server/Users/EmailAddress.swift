import EventModel

/// The e-mail address by which a user signs in.
///
/// Two are the same when they are the same in lower case, as everywhere in Shoal: a phone writes the first letter large, and
/// nobody gives two people addresses that differ in nothing else.
package struct EmailAddress: Hashable, Sendable {
    /// As it was given, without white space around.
    package let text: String
    /// By which it is compared: in lower case.
    let key: Text

    /// Nil for what has not the shape of one: a single `@` with something before and after, no white space, at most 254 bytes.
    package init?(_ given: String) {
        let text = Self.trimmed(given)
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), !parts[1].isEmpty, text.utf8.count <= 254,
            !parts[1].split(separator: ".", omittingEmptySubsequences: false).contains(where: \.isEmpty),
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0 != "\u{7F}" && !$0.properties.isWhitespace })
        else { return nil }
        self.text = text
        key = Text(text.lowercased())
    }

    private static func trimmed(_ text: String) -> String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
        let scalars = text.unicodeScalars.drop(while: isBlank)
        guard let last = scalars.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(scalars[...last])
    }

    /// What stands before the `@`, in lower case.
    var local: Substring { key.string.prefix { $0 != "@" } }

    package static func == (left: EmailAddress, right: EmailAddress) -> Bool { left.key == right.key }

    package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
