/// A page as a browser takes it apart: its elements with their attributes, and its text.
///
/// Plainly after the tokenizer of the HTML standard (section 13.2.5), as far as it decides where an element or an attribute
/// begins: a page whose author made every `<` of a text `&lt;` has only the elements that were meant.
struct ParsedPage {
    struct Element {
        var name: String
        var attributes: [(name: String, value: String)] = []

        subscript(name: String) -> String? { attributes.first { $0.name == name }?.value }
    }

    private(set) var elements: [Element] = []
    private(set) var text = ""
    /// What no page of ours has: comments, ends without a beginning.
    private(set) var oddities: [String] = []
    private var open: [String] = []

    private static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    ]

    init(_ html: String) {
        var rest = Array(html.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            guard scalar == "<", let next = rest.first else {
                text.unicodeScalars.append(scalar)
                continue
            }
            if next == "!" || next == "?" {
                let content = rest.prefix { $0 != ">" }
                rest = rest.dropFirst(content.count + 1)
                let words = string(content)
                if words != "!DOCTYPE html" { oddities.append("<\(words)>") }
            } else if next == "/" {
                let name = string(rest.dropFirst().prefix { $0 != ">" }).lowercased()
                rest = rest.drop { $0 != ">" }.dropFirst()
                if open.last == name { open.removeLast() } else { oddities.append("</\(name)>") }
            } else if next.properties.isAlphabetic, next.isASCII {
                element(&rest)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        text = Self.decoded(text)
        if !open.isEmpty { oddities.append("not ended: \(open)") }
    }

    private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { " \t\n\r\u{C}".unicodeScalars.contains(scalar) }

    private mutating func element(_ rest: inout ArraySlice<Unicode.Scalar>) {
        func take(while condition: (Unicode.Scalar) -> Bool) -> String {
            let part = rest.prefix(while: condition)
            rest = rest.dropFirst(part.count)
            return string(part)
        }
        var element = Element(name: take { !Self.isBlank($0) && $0 != "/" && $0 != ">" }.lowercased())
        var isClosed = false
        while let scalar = rest.first, scalar != ">" {
            if Self.isBlank(scalar) || scalar == "/" {
                isClosed = scalar == "/"
                rest.removeFirst()
                continue
            }
            let name = take { !Self.isBlank($0) && !"/>=".unicodeScalars.contains($0) }.lowercased()
            _ = take(while: Self.isBlank)
            var value = ""
            if rest.first == "=" {
                rest.removeFirst()
                _ = take(while: Self.isBlank)
                if let quote = rest.first, quote == "\"" || quote == "'" {
                    rest.removeFirst()
                    value = take { $0 != quote }
                    rest = rest.dropFirst()
                } else {
                    value = take { !Self.isBlank($0) && $0 != ">" }
                }
            } else if name.isEmpty {
                rest = rest.dropFirst()
            }
            element.attributes.append((name, Self.decoded(value)))
        }
        rest = rest.dropFirst()
        elements.append(element)
        // What is in these is text up to their own end.
        if ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"].contains(element.name) {
            var content: [Unicode.Scalar] = []
            let end = Array("</\(element.name)".unicodeScalars)
            while !rest.isEmpty, string(rest.prefix(end.count)).lowercased() != string(end[...]) {
                if let scalar = rest.popFirst() { content.append(scalar) }
            }
            rest = rest.drop { $0 != ">" }.dropFirst()
            let words = string(content[...])
            text += element.name == "title" || element.name == "textarea" ? Self.decoded(words) : ""
        } else if !isClosed, !Self.void.contains(element.name) {
            open.append(element.name)
        }
    }

    private static func decoded(_ text: String) -> String {
        guard text.contains("&") else { return text }
        return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }
}
