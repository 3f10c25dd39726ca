import EventModel
import EventStore

/// Tells over which channel visits came, as small numbers.
///
/// The `channel` property of the visit's first event, else its campaign's medium, else its campaign's source, else the
/// host of the referring page, unless that is the page's own, else "direct"; all in small letters.
struct ChannelNames: Sendable {
    static let own = PropertyPath(.properties, ["channel"])
    private static let medium = PropertyPath(.context, ["campaign", "medium"])
    private static let source = PropertyPath(.context, ["campaign", "source"])
    private static let referrer = PropertyPath(.context, ["page", "referrer"])
    private static let url = PropertyPath(.context, ["page", "url"])
    /// What must be read of browsing events.
    static let paths = [own, medium, source, referrer, url]

    private var names = ValueNumbers()
    /// Raw texts, and by their numbers what they come to: a name's number, -1 nothing, -2 not looked up yet.
    private var texts = ValueNumbers()
    private var nameOfText: [Int32] = []
    private var hostOfText: [Int32] = []
    private let direct: Int32

    init() { direct = names.number(of: "direct") }

    func text(of number: Int32) -> Text { names.text(of: number) }
    mutating func number(of name: Text) -> Int32 { names.number(of: name) }

    /// The columns of a block.
    struct Columns {
        fileprivate var own: ColumnValues?
        fileprivate var medium: ColumnValues?
        fileprivate var source: ColumnValues?
        fileprivate var referrer: ColumnValues?
        fileprivate var url: ColumnValues?

        init(_ block: HistoryBlock) {
            func column(_ path: PropertyPath) -> ColumnValues? { block.column(path).map { ColumnValues($0) } }
            own = column(ChannelNames.own)
            medium = column(ChannelNames.medium)
            source = column(ChannelNames.source)
            referrer = column(ChannelNames.referrer)
            url = column(ChannelNames.url)
        }
    }

    /// The channel of a visit that began with this row.
    mutating func channel(at row: Int, _ columns: inout Columns) -> Int32 {
        if let own = own(at: row, &columns) { return own }
        if let medium = name(columns.medium?.number(at: row, &texts)) { return medium }
        if let source = name(columns.source?.number(at: row, &texts)) { return source }
        if let host = host(columns.referrer?.number(at: row, &texts)),
            host != self.host(columns.url?.number(at: row, &texts))
        {
            return host
        }
        return direct
    }

    /// The channel that an event itself names; nil without one.
    mutating func own(at row: Int, _ columns: inout Columns) -> Int32? {
        name(columns.own?.number(at: row, &texts))
    }

    // MARK: - Texts

    private mutating func name(_ text: Int32?) -> Int32? {
        guard let text, text >= 0 else { return nil }
        let known = Self.known(text, &nameOfText)
        if known != -2 { return known >= 0 ? known : nil }
        let name = simpleCaseFold(texts.text(of: text))
        let number = name.utf8.isEmpty ? -1 : names.number(of: name)
        nameOfText[Int(text)] = number
        return number >= 0 ? number : nil
    }

    private mutating func host(_ text: Int32?) -> Int32? {
        guard let text, text >= 0 else { return nil }
        let known = Self.known(text, &hostOfText)
        if known != -2 { return known >= 0 ? known : nil }
        let number = Self.host(of: texts.text(of: text)).map { names.number(of: $0) } ?? -1
        hostOfText[Int(text)] = number
        return number >= 0 ? number : nil
    }

    /// What is remembered of a text; -2: nothing yet.
    private static func known(_ text: Int32, _ memory: inout [Int32]) -> Int32 {
        let place = Int(text)
        if place >= memory.count { memory += repeatElement(-2, count: place + 1 - memory.count) }
        return memory[place]
    }

    /// "search.example" of "https://www.search.example:443/find?q=shoes"; nil when there is none.
    static func host(of address: Text) -> Text? {
        var rest = address.string[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        rest = rest.prefix { !"/?#:".contains($0) }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        if rest.lowercased().hasPrefix("www.") { rest = rest.dropFirst(4) }
        guard rest.contains(".") else { return nil }
        return simpleCaseFold(Text(String(rest)))
    }
}
