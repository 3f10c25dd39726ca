/// The few tones a terminal text is written in; without colours every tone is plain.
struct Style: Sendable {
    enum Tone: String, Sendable {
        case plain = ""
        case strong = "1"
        case dim = "2"
        case good = "32"
        case bad = "31"
        case warning = "33"
        case accent = "36"
    }

    let hasColours: Bool

    static let plain = Style(hasColours: false)
    static let coloured = Style(hasColours: true)

    /// The text in that tone; the escape sequences stand outside the text, so pad first.
    func text(_ text: String, _ tone: Tone) -> String {
        guard hasColours, tone != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m"
    }

    func strong(_ text: String) -> String { self.text(text, .strong) }
    func dim(_ text: String) -> String { self.text(text, .dim) }
}
