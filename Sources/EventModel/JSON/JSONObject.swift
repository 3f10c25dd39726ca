/// The members of a JSON object in their order.
///
/// A key may occur twice, as RFC 8259 allows; then the last one counts for every question, and
/// `hasDuplicateKeys` tells. Equality is about what the questions see: order does not matter.
package struct JSONObject: Sendable {
    package typealias Member = (key: Text, value: JSONValue)

    /// All members as they stood, duplicates included.
    package private(set) var members: [Member]

    package init(_ members: [Member] = []) {
        self.members = members
    }

    package var isEmpty: Bool { members.isEmpty }

    /// The members as they stood; more than there are keys when a key occurs twice.
    package var count: Int { members.count }

    /// The last value of a key. Setting replaces it in place and drops other ones of that key; nil removes them all.
    ///
    /// Complexity: O(members), which are few.
    package subscript(key: Text) -> JSONValue? {
        get {
            var index = members.count
            while index > 0 {
                index -= 1
                if members[index].key == key { return members[index].value }
            }
            return nil
        }
        set {
            guard let newValue else {
                members.removeAll { $0.key == key }
                return
            }
            guard let last = members.lastIndex(where: { $0.key == key }) else {
                members.append((key, newValue))
                return
            }
            members[last].value = newValue
            if members[..<last].contains(where: { $0.key == key }) {
                let kept = members[last]
                members.replaceSubrange(last...last, with: [kept])
                members = members.enumerated().filter { $0.offset == last || $0.element.key != key }.map(\.element)
            }
        }
    }

    package subscript(key: String) -> JSONValue? {
        get { self[Text(key)] }
        set { self[Text(key)] = newValue }
    }

    /// Adds a member at the end, whether or not the key is there already.
    package mutating func append(_ key: Text, _ value: JSONValue) {
        members.append((key, value))
    }

    package func contains(_ key: Text) -> Bool { members.contains { $0.key == key } }

    package mutating func removeAll(where predicate: (Member) -> Bool) {
        members.removeAll(where: predicate)
    }

    /// Changes each value in place.
    package mutating func mapValuesInPlace(_ change: (Text, inout JSONValue) -> Void) {
        for index in members.indices { change(members[index].key, &members[index].value) }
    }

    /// Whether some key occurs twice.
    package var hasDuplicateKeys: Bool { firstDuplicateKey != nil }

    /// The first key that occurs a second time.
    package var firstDuplicateKey: Text? {
        if members.count <= 16 {
            for index in members.indices.dropFirst() {
                if members[..<index].contains(where: { $0.key == members[index].key }) { return members[index].key }
            }
            return nil
        }
        var seen: Set<Text> = []
        return members.first { !seen.insert($0.key).inserted }?.key
    }

    /// The members that questions see: the last of each key, in order.
    package var effectiveMembers: [Member] {
        guard hasDuplicateKeys else { return members }
        var seen: Set<Text> = []
        return Array(members.reversed().filter { seen.insert($0.key).inserted }.reversed())
    }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        let leftMembers = left.effectiveMembers
        let rightMembers = right.effectiveMembers
        guard leftMembers.count == rightMembers.count else { return false }
        if zip(leftMembers, rightMembers).allSatisfy({ $0.key == $1.key && $0.value == $1.value }) { return true }
        let values = Dictionary(rightMembers.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        return leftMembers.allSatisfy { values[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        // Order does not matter to equality, so it must not matter here.
        let members = effectiveMembers
        var mixed = 0
        for member in members {
            var own = Hasher()
            own.combine(member.key)
            own.combine(member.value)
            mixed ^= own.finalize()
        }
        hasher.combine(members.count)
        hasher.combine(mixed)
    }
}
