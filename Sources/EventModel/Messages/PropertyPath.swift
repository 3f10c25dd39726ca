/// Where a value stands: in an event's properties, in its context, or in each of its items.
package struct PropertyPath: Hashable, Sendable {
    package enum Scope: String, Hashable, Sendable, CaseIterable {
        case properties, context, items
    }

    package let scope: Scope
    /// Keys from the scope's object inwards; at least one.
    package let parts: [Text]

    /// A path from a scope; `products.x` among the properties is the same as `x` of the items.
    package init(_ scope: Scope, _ parts: [Text]) {
        if scope == .properties, parts.count > 1, parts.first == "products" {
            self.scope = .items
            self.parts = Array(parts.dropFirst())
        } else {
            self.scope = scope
            self.parts = parts
        }
    }

    package init(scope: Scope, parts: [Text]) {
        self.init(scope, parts)
    }

    /// A path as the language writes it: `revenue`, `products.price`, `properties.hour`, `context.campaign.source`.
    ///
    /// `products`, `context` and `properties` alone are properties of those names.
    package init(written parts: [Text]) {
        let inner = Array(parts.dropFirst())
        if inner.isEmpty {
            self.init(.properties, parts)
        } else if parts.first == "properties" {
            self.init(.properties, inner)
        } else if parts.first == "context" {
            self.init(.context, inner)
        } else {
            self.init(.properties, parts)
        }
    }

    /// The value at the end of the path inside one object of the scope (the properties, the context, or one item);
    /// nil when a key is missing, at JSON null, and when the path leads through a list or a scalar.
    package func value(in object: JSONObject) -> JSONValue? {
        object.value(at: parts)
    }

    package func value(in object: JSONValue) -> JSONValue? {
        object.object.flatMap { value(in: $0) }
    }
}

// By hand: what the compiler makes of an enumeration with raw values compares these, and paths are looked up often.
extension PropertyPath {
    package static func == (left: PropertyPath, right: PropertyPath) -> Bool {
        left.scope.place == right.scope.place && left.parts == right.parts
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(scope.place)
        for part in parts { hasher.combine(part) }
    }
}

extension PropertyPath.Scope {
    fileprivate var place: UInt8 {
        switch self {
        case .properties: 0
        case .context: 1
        case .items: 2
        }
    }
}

extension JSONObject {
    /// The value that keys lead to from here inwards; nil when one is missing, when a list or a scalar is in the way,
    /// and at JSON null.
    package func value(at parts: some Sequence<Text>) -> JSONValue? {
        var value = JSONValue.object(self)
        for part in parts {
            guard case .object(let inner) = value, let next = inner[part] else { return nil }
            value = next
        }
        return value.isNull ? nil : value
    }
}

extension PropertyPath: CustomStringConvertible {
    /// The path as the language writes it, parts in quotes where they need them.
    package var description: String {
        let written: [Text]
        switch scope {
        case .items: written = ["products"] + parts
        case .context: written = ["context"] + parts
        case .properties:
            let needsScope = parts.count > 1 && (parts.first == "context" || parts.first == "properties")
            written = needsScope ? ["properties"] + parts : parts
        }
        return written.enumerated().map { index, part in
            index > 0 || !isPlain(part) ? quoted(part) : part.string
        }.joined(separator: ".")
    }

    private func quoted(_ part: Text) -> String {
        isPlain(part) ? part.string : JSONWriter.text(of: .string(part))
    }

    /// `[A-Za-z_$][A-Za-z0-9_$]*`
    private func isPlain(_ part: Text) -> Bool {
        guard let first = part.utf8.first, isNameByte(first), !(0x30...0x39).contains(first) else { return false }
        return part.utf8.allSatisfy(isNameByte)
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "$")
    }
}
