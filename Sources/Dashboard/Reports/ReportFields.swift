package import EventModel

/// What somebody typed into the form of a report, as it stands in the address of the page, and what is wrong with it.
package struct ReportFields: Sendable {
    private let values: [String: [String]]
    /// By field: what is wrong, and what to do.
    package private(set) var wrong: [String: String] = [:]

    /// A field is cut here; longer ones are no questions.
    private static let longestValue = 2_000

    /// - Parameter values: in the order in which they stand in the address.
    package init(_ values: [(name: String, value: String)] = []) {
        var all: [String: [String]] = [:]
        for (name, value) in values { all[name, default: []].append(String(value.prefix(Self.longestValue))) }
        self.values = all
    }

    /// Whether anything was asked.
    package var isEmpty: Bool { values.isEmpty }

    /// What was typed, without blanks around it; empty when nothing was.
    package subscript(name: String) -> String { all(name).first ?? "" }

    /// Of a field that may stand there several times.
    package func all(_ name: String) -> [String] {
        (values[name] ?? []).map { value in
            String(value.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
    }

    /// Says that something is wrong with a field; the first thing said stays.
    package mutating func refuse(_ name: String, _ why: String) { if wrong[name] == nil { wrong[name] = why } }

    /// One of several words; the first of them when there is none, and when it is another, which is told.
    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, usual: Choice
    ) -> Choice {
        let text = self[name]
        if text.isEmpty { return usual }
        if let choice = Choice(rawValue: text) { return choice }
        refuse(name, "Choose one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
        return usual
    }

    /// A whole number within bounds; anything else is told.
    package mutating func number(_ name: String, _ bounds: ClosedRange<Int>, usual: Int) -> Int {
        let text = self[name]
        if text.isEmpty { return usual }
        if let number = Int(text), bounds.contains(number) { return number }
        refuse(name, "Write a whole number from \(bounds.lowerBound) to \(bounds.upperBound).")
        return usual
    }

    /// A segment that the store has; anything else is told.
    package mutating func segment(_ name: String, among known: [SegmentName]) -> Text? {
        let text = self[name]
        if text.isEmpty { return nil }
        if let found = known.first(where: { $0.name.string == text }) { return found.name }
        refuse(name, "There is no segment “\(text)”; choose one of the list.")
        return nil
    }

    /// Several segments that the store has, each once; what is none of them, and too many, are told.
    package mutating func segments(_ name: String, among known: [SegmentName], most: Int) -> [Text] {
        var found: [Text] = []
        for text in all(name) where !text.isEmpty {
            guard let segment = known.first(where: { $0.name.string == text })?.name else {
                refuse(name, "There is no segment “\(text)”; choose one of the list.")
                continue
            }
            if !found.contains(segment) { found.append(segment) }
        }
        if found.count > most { refuse(name, "Choose at most \(most) segments.") }
        return found
    }

    /// A calendar day, as in `2026-03-01`; anything else is told.
    package mutating func day(_ name: String) -> CalendarDay? {
        let text = self[name]
        if text.isEmpty { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        if parts.map(\.count) == [4, 2, 2] {
            let numbers = parts.compactMap { Int($0) }
            if numbers.count == 3, let day = CalendarDay(year: numbers[0], month: numbers[1], day: numbers[2]) {
                return day
            }
        }
        refuse(name, "“\(text)” is no day; write it like 2026-03-01.")
        return nil
    }

    /// The address of a page with these fields, some of them changed; those that are empty are left out.
    package func address(_ path: String, changing changes: [(name: String, value: String?)] = []) -> String {
        let changed = Set(changes.map(\.name))
        var pairs = values.sorted { $0.key < $1.key }.filter { !changed.contains($0.key) }
            .flatMap { name, values in values.filter { !$0.isEmpty }.map { (name, $0) } }
        pairs += changes.compactMap { name, value in value.map { (name, $0) } }
        let query = pairs.map { "\(pathPart($0.0))=\(pathPart($0.1))" }.joined(separator: "&")
        return query.isEmpty ? path : "\(path)?\(query)"
    }
}

/// A segment as lists to choose from show it.
package struct SegmentName: Sendable {
    package let name: Text
    package let title: String

    package init(name: Text, title: String) {
        self.name = name
        self.title = title
    }
}
