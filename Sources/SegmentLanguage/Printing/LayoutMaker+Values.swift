internal import EventModel

extension LayoutMaker {
    /// How tightly a value binds.
    enum Strength: Int, Comparable {
        case sum, product, sign, primary

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    /// A value where something of at least this strength may stand.
    mutating func value(_ value: Value, _ needed: Strength) -> Layout {
        guard Self.strength(of: value) < needed else { return inner(value) }
        return .joined([.text("("), .aligned(.group(nested { $0.inner(value) })), .text(")")])
    }

    private static func strength(of value: Value) -> Strength {
        switch value.kind {
        case .arithmetic(_, .add, _), .arithmetic(_, .subtract, _): .sum
        case .arithmetic: .product
        case .negated: .sign
        case .number(let number), .percent(let number): number.isNegative ? .sign : .primary
        default: .primary
        }
    }

    private mutating func inner(_ value: Value) -> Layout {
        switch value.kind {
        case .arithmetic(let left, let operation, let right):
            let strength = Self.strength(of: value)
            let tighter: Strength = strength == .sum ? .product : .sign
            // A product inside a sum breaks only when it does not fit itself.
            let leftLayout = self.value(left, strength)
            return .joined([
                Self.strength(of: left) == strength ? leftLayout : .group(leftLayout), .line,
                .text("\(operation.rawValue) "), .group(self.value(right, tighter)),
            ])
        case .negated(let inner): return .joined([.text("-"), nested { $0.operandOfMinus(inner) }])
        case .aggregate(let aggregate, let of, let query):
            var parts: [Layout] = []
            if let of { parts += [.group(self.value(of, .sum)), .text(" of ")] }
            parts.append(self.query(query))
            return .joined([.text("\(aggregate.rawValue)("), .group(.aligned(.joined(parts))), .text(")")])
        case .timeFunction(let field, let local, let inner):
            let argument = nested { $0.value(inner, .sum) }
            return .joined([
                .text(Phrases.timeField(field, local: local) + "("), .group(.aligned(argument)), .text(")"),
            ])
        default: return .text(Phrases.simple(value))
        }
    }

    /// A minus directly before a number would be read as part of it.
    private mutating func operandOfMinus(_ value: Value) -> Layout {
        switch value.kind {
        case .number, .percent, .negated:
            .joined([.text("("), nested { $0.inner(value) }, .text(")")])
        default: self.value(value, .sign)
        }
    }
}
