/// Rules about ids of persons.
package enum Identifiers {
    /// How many of the links between ids, and of the handles that join them, count.
    ///
    /// With its own id a profile so has at most a hundred ids. See `docs/decisions/0009-identity.md`.
    package struct JoiningLimits: Hashable, Sendable {
        /// Of the links of a user, and of those of an anonymous id.
        package var links: Int
        /// Of the handles of one kind that an id has.
        package var handlesOfAKind: Int
        /// Of the users that have a handle, and of the anonymous ids.
        package var idsOfAHandle: Int
        /// Of the anonymous ids that handles lead to a profile.
        package var joinedByHandles: Int

        package init(links: Int, handlesOfAKind: Int, idsOfAHandle: Int, joinedByHandles: Int) {
            self.links = links
            self.handlesOfAKind = handlesOfAKind
            self.idsOfAHandle = idsOfAHandle
            self.joinedByHandles = joinedByHandles
        }
    }

    package static let joiningLimits = JoiningLimits(
        links: 79, handlesOfAKind: 5, idsOfAHandle: 20, joinedByHandles: 20)

    /// Words that programs send when they have no id. Linking by one of them would merge strangers.
    ///
    /// Kept to forms seen in the field, most of them those that PostHog refuses: a longer list would refuse ids that a
    /// store really uses. Compared without regard to ASCII case, white space around and quotes; digits-only forms are
    /// in `isPlaceholder`.
    package static let placeholders: Set<Text> = [
        "(not set)", "(null)", "-1", "[object object]", "anonymous", "distinct_id", "distinctid", "email", "false",
        "guest", "id", "nan", "nil", "none", "not_authenticated", "null", "true", "undefined", "unknown",
    ]

    private static let longestPlaceholder = placeholders.map(\.utf8.count).max() ?? 0

    /// Whether an id stands for "nobody": one of `placeholders`, or nothing but zeros and hyphens (the nil UUID).
    package static func isPlaceholder(_ id: Text) -> Bool {
        id.withBytes { bytes in
            let core = withoutQuotes(trimmed(bytes[...]))
            if core.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "-") }) { return true }
            guard core.count <= longestPlaceholder else { return false }
            let lowered = core.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            return Text(utf8: lowered).map { placeholders.contains($0) } ?? false
        }
    }

    private static func trimmed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>> {
        var bytes = bytes
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }

    private static func withoutQuotes(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>> {
        guard bytes.count >= 2, let quote = bytes.first, bytes.last == quote,
            quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        else { return bytes }
        return trimmed(bytes.dropFirst().dropLast())
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
