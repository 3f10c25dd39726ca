/// How many cells of a terminal a text takes.
///
/// Wide and full-width characters of East Asian scripts and emoji take two cells, combining marks
/// and joiners none (Unicode Standard Annex 11, categories W and F). Ambiguous ones take one.
///
/// - Complexity: O(length).
func displayWidth(of text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + displayWidth(of: $1) }
}

/// Cells of one character, that is of one grapheme cluster: as wide as its widest scalar, at most two.
func displayWidth(of character: Character) -> Int {
    var width = 0
    var isEmojiForced = false
    for scalar in character.unicodeScalars {
        if scalar.value == 0xFE0F { isEmojiForced = true }
        width = max(width, displayWidth(of: scalar))
    }
    return isEmojiForced && width > 0 ? 2 : width
}

private func displayWidth(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if wideRanges.contains(where: { $0.contains(scalar.value) }) { return 2 }
    return scalar.properties.isEmojiPresentation ? 2 : 1
}

/// Ranges of width W or F that people meet: Hangul, CJK, kana, full-width forms and the planes of ideographs.
private let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
]

/// The text with every control character, and every mark that would turn the writing direction, made visible.
///
/// Names and ids come from shoppers; an escape sequence among them must not reach the terminal.
func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case _ where isUnprintable(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

private func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}

/// The text cut to so many cells, the last one an ellipsis when something was cut.
func shortened(_ text: String, to width: Int) -> String {
    guard displayWidth(of: text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
        let cells = displayWidth(of: character)
        if used + cells > width - 1 { break }
        result.append(character)
        used += cells
    }
    return result + "…"
}

/// The text followed, or preceded, by as many blanks as fill the width.
func padded(_ text: String, to width: Int, _ alignment: Table.Alignment = .left) -> String {
    let missing = width - displayWidth(of: text)
    guard missing > 0 else { return text }
    let blanks = String(repeating: " ", count: missing)
    return alignment == .left ? text + blanks : blanks + text
}
