internal import EventModel

/// Strings as the text form writes them.
enum StringLiteral {
    /// The value in double quotes with JSON escapes; control characters and nothing else are escaped beyond need.
    static func text(_ value: Text) -> String {
        var result = "\""
        for scalar in value.string.unicodeScalars {
            append(scalar, to: &result)
        }
        result.append("\"")
        return result
    }

    /// The same, cut after so many scalars, for messages.
    static func text(_ value: Text, upTo count: Int) -> String {
        let scalars = value.string.unicodeScalars
        guard scalars.count > count else { return text(value) }
        var cut = String.UnicodeScalarView()
        cut.append(contentsOf: scalars.prefix(count))
        return text(Text(String(cut) + "…"))
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar {
        case "\"": result.append("\\\"")
        case "\\": result.append("\\\\")
        case "\n": result.append("\\n")
        case "\r": result.append("\\r")
        case "\t": result.append("\\t")
        case "\u{8}": result.append("\\b")
        case "\u{c}": result.append("\\f")
        default:
            if scalar.value < 0x20 {
                let digits = String(scalar.value, radix: 16)
                result.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}
