/// A piece of HTML. Whatever is put into one is escaped, unless it is HTML itself:
///
/// ```swift
/// let name = "<script>"
/// let greeting: HTML = "<p class=\"\(name)\">Hello \(name)</p>"   // &lt;script&gt;, twice
/// ```
///
/// Values may stand between tags and inside double quotes, nowhere else: not in scripts, styles or names.
package struct HTML: Sendable, ExpressibleByStringInterpolation {
    package private(set) var text: String

    package init(stringLiteral text: String) { self.text = text }

    package init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: String) { text += literal }
        package mutating func appendInterpolation(_ html: HTML) { text += html.text }
        package mutating func appendInterpolation(_ html: [HTML]) { for piece in html { text += piece.text } }
        package mutating func appendInterpolation(_ html: HTML?) { if let html { text += html.text } }
        package mutating func appendInterpolation(_ value: String) { text += HTML.escaped(value) }
    }

    /// Text as it may stand between tags and in double or single quotes.
    package static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            // No document may have these.
            case "\u{0}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension [HTML] {
    /// One piece of HTML.
    package var joined: HTML { "\(self)" }
}
