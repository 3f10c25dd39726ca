package import EventModel

/// The pattern of `events like`: `*` is any run of characters, everything else itself.
package struct NamePattern: Sendable {
    private let pattern: [UInt8]

    package init(_ pattern: Text) {
        self.pattern = Array(pattern.utf8)
    }

    /// Whether the pattern fits the whole name, case-sensitively. Complexity: O(name x pattern), without recursion.
    package func fits(_ name: Text) -> Bool {
        let name = Array(name.utf8)
        var at = 0
        var inName = 0
        var star: (pattern: Int, name: Int)?
        while inName < name.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                star = (at, inName)
                at += 1
            } else if at < pattern.count, pattern[at] == name[inName] {
                at += 1
                inName += 1
            } else if let last = star {
                at = last.pattern + 1
                inName = last.name + 1
                star = (last.pattern, inName)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
