extension Explanation {
    /// "and" or "or" when the condition does nothing but join its children.
    package var joinedBy: String? {
        guard children.count > 1 else { return nil }
        func bare(_ text: String) -> String { text.filter { $0 != "(" && $0 != ")" } }
        return ["and", "or"].first { word in
            bare(condition) == bare(children.map(\.condition).joined(separator: " \(word) "))
        }
    }

    /// `not X` above `X` tells the same twice: the parts of X go directly below `not X`.
    package var withoutDoubleNegative: Explanation {
        guard children.count == 1, condition == "not \(children[0].condition)", !children[0].children.isEmpty else {
            return self
        }
        var node = self
        node.children = children[0].children
        return node
    }
}
