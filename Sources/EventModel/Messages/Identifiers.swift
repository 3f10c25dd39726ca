/// Rules about ids of persons.
package enum Identifiers {
    /// Words that programs send when they have no id. Linking by one of them would merge strangers.
    ///
    /// Kept to forms seen in the field: a longer list would refuse ids that a store really uses.
    /// Compared without regard to ASCII case and white space around; digits-only forms are in `isPlaceholder`.
    package static let placeholders: Set<Text> = [
        "-1", "anonymous", "guest", "nan", "null", "[object object]", "undefined",
    ]

    /// Whether an id stands for "nobody": one of `placeholders`, or nothing but zeros and hyphens (the nil UUID).
    package static func isPlaceholder(_ id: Text) -> Bool {
        let trimmed = id.utf8.drop { $0 == 0x20 || $0 == 0x09 }
        let bytes = trimmed.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed()
        if bytes.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "-") }) { return true }
        guard bytes.count <= 20 else { return false }
        let lowered = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return Text(utf8: lowered).map { placeholders.contains($0) } ?? false
    }
}
