/// A text with places where its lines may break (after Wadler, "A prettier printer", 1998, in the strict form of
/// Lindig, "Strictly pretty", 2000).
indirect enum Layout: Sendable {
    case text(String)
    /// A space, or a new line when the group around is broken.
    case line
    /// Nothing, or a new line when the group around is broken.
    case softLine
    /// A comment at the end of a line; breaks the groups around and the line after it.
    case trailingComment(String)
    /// A comment on lines of its own.
    case ownComment(String)
    case joined([Layout])
    case indented(Int, Layout)
    /// Lines inside start where the first one does, unless that is far to the right.
    case aligned(Layout)
    /// On one line if it fits there, else all its own breaks are lines.
    case group(Layout)
    /// Never on one line, if it is to be laid out in lines at all.
    case broken(Layout)

    static let nothing = Layout.joined([])
}

/// Lays text out in lines; width is counted in Unicode scalars.
struct LayoutWriter {
    private struct Item {
        var indent: Int
        var isFlat: Bool
        var layout: Layout
    }

    /// Nil: everything on one line, comments left out.
    let width: Int?
    private var output = ""
    private var column = 0
    private var lineIndent = 0
    private var isLineEmpty = true
    private var commentIsOpen = false
    private var commentIndent = 0

    init(width: Int?) {
        self.width = width
    }

    /// - Complexity: O(layout x width) at worst.
    mutating func write(_ layout: Layout) -> String {
        var stack = [Item(indent: 0, isFlat: width == nil, layout: layout)]
        while let item = stack.popLast() {
            switch item.layout {
            case .text(let text): write(text)
            case .line: breakLine(item, flat: " ")
            case .softLine: breakLine(item, flat: "")
            case .trailingComment(let text): writeComment(text, alone: false, indent: item.indent)
            case .ownComment(let text): writeComment(text, alone: true, indent: item.indent)
            case .joined(let parts):
                for part in parts.reversed() {
                    stack.append(Item(indent: item.indent, isFlat: item.isFlat, layout: part))
                }
            case .indented(let more, let inner):
                stack.append(Item(indent: item.indent + more, isFlat: item.isFlat, layout: inner))
            case .aligned(let inner):
                let here = max(column, item.indent)
                let indent = here <= 48 || item.isFlat ? here : min(here, lineIndent + 4)
                stack.append(Item(indent: indent, isFlat: item.isFlat, layout: inner))
            case .group(let inner):
                let isFlat = item.isFlat || fits(inner, indent: item.indent, before: stack)
                stack.append(Item(indent: item.indent, isFlat: isFlat, layout: inner))
            case .broken(let inner):
                stack.append(Item(indent: item.indent, isFlat: width == nil, layout: inner))
            }
        }
        return output
    }

    private mutating func write(_ text: String) {
        if text.isEmpty { return }
        if commentIsOpen { newLine(commentIndent) }
        output += text
        column += text.unicodeScalars.count
        isLineEmpty = false
    }

    private mutating func breakLine(_ item: Item, flat: String) {
        if item.isFlat, !commentIsOpen {
            output += flat
            column += flat.unicodeScalars.count
        } else if !(isLineEmpty && column == item.indent) {
            newLine(item.indent)
        }
    }

    private mutating func newLine(_ indent: Int) {
        while output.unicodeScalars.last == " " { output.unicodeScalars.removeLast() }
        output += "\n" + String(repeating: " ", count: indent)
        column = indent
        lineIndent = indent
        isLineEmpty = true
        commentIsOpen = false
    }

    private mutating func writeComment(_ text: String, alone: Bool, indent: Int) {
        guard width != nil else { return }
        if commentIsOpen || (alone && !isLineEmpty) { newLine(indent) }
        if !isLineEmpty { output += "  " }
        output += text
        isLineEmpty = false
        commentIsOpen = true
        commentIndent = indent
    }

    /// Whether the layout, and what follows it up to the next possible break, fits on the rest of the line.
    private func fits(_ layout: Layout, indent: Int, before rest: [Item]) -> Bool {
        guard let width else { return true }
        var left = width - column
        var next = rest.count
        var stack = [Item(indent: indent, isFlat: true, layout: layout)]
        while left >= 0 {
            guard let item = stack.popLast() else {
                if next == 0 { return true }
                next -= 1
                stack.append(rest[next])
                continue
            }
            switch item.layout {
            case .text(let text): left -= text.unicodeScalars.count
            case .line:
                if !item.isFlat { return true }
                left -= 1
            case .softLine:
                if !item.isFlat { return true }
            case .trailingComment, .ownComment, .broken: return !item.isFlat
            case .joined(let parts):
                for part in parts.reversed() {
                    stack.append(Item(indent: item.indent, isFlat: item.isFlat, layout: part))
                }
            case .indented(_, let inner), .aligned(let inner), .group(let inner):
                stack.append(Item(indent: item.indent, isFlat: item.isFlat, layout: inner))
            }
        }
        return false
    }
}
