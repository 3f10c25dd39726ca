import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

/// The metric `typical_gap` in the definition files: computed from the store's orders, and kept up to date there.
///
/// A line above it says from what it was computed. While that line stands, every import brings the value up to date;
/// without it the value is the person's own.
struct StoreFigures {
    /// The folder of definitions.
    let folder: String

    private static let mark = "# Computed from "

    // MARK: - Computing

    /// The typical gap of all orders up to an instant.
    static func typicalGap(of snapshot: Snapshot, at now: Timestamp) async throws -> TypicalGap {
        let program = Program(inDependencyOrder: [OwnMetric.meanGap.definition])
        let backend = Shoal.backend(of: program, over: snapshot)
        let result = try await backend.evaluate(at: now, BatchEvaluator.Request(), progress: nil)
        return TypicalGap(meanGaps: (result.metrics[OwnMetric.meanGap.name] ?? [:]).lazy.map(\.value))
    }

    /// Brings the definition files up to date with the orders of a store; answers the gap, and the file that was written, if any
    /// had to be.
    func refresh(from store: EventStore) async throws -> (gap: TypicalGap, file: String?) {
        let now = Shoal.clock.now()
        let gap = try await Self.typicalGap(of: try store.snapshot(), at: now)
        return (gap, try put(gap, on: store.settings.zone.day(of: now)))
    }

    /// Whether definitions speak of the metric and no file defines it.
    func isMissed(in library: DefinitionLibrary) -> Bool {
        !library.all.contains(where: \.definesTypicalGap)
            && library.all.contains { source in
                source.parsed.definitions.contains { $0.references().contains { $0.name == TypicalGap.name } }
            }
    }

    // MARK: - Writing

    /// Puts the value where the metric is defined, if it may be changed there, or else into a new file.
    ///
    /// - Returns: the file that was written, relative to the folder; nil when none had to be.
    @discardableResult
    func put(_ gap: TypicalGap, on day: CalendarDay) throws(CommandError) -> String? {
        for path in LocalFiles.files(below: folder, ending: ".shoal") {
            guard let source = try? DefinitionSource(path: folder + "/" + path), source.definesTypicalGap else {
                continue
            }
            guard let text = Self.refreshed(source.text, with: gap, on: day) else { return nil }
            try LocalFiles.write(text, to: folder + "/" + path)
            return path
        }
        let free = ["store.shoal", "typical_gap.shoal"].first { !LocalFiles.exists(folder + "/" + $0) }
        guard let free, let file = ReadySegments.files.first(where: { $0.name == "store.shoal" }),
            let text = Self.refreshed(file.text, with: gap, on: day)
        else { return nil }
        try LocalFiles.makeFolder(folder)
        try LocalFiles.write(text, to: folder + "/" + free)
        return free
    }

    /// The text with the value brought up to date; nil when it is already, or is the person's own.
    static func refreshed(_ text: String, with gap: TypicalGap, on day: CalendarDay) -> String? {
        let definition = Parser.parse(text).definitions.first { $0.name == TypicalGap.name }
        var bytes = Array(text.utf8)
        guard let definition, let value = definition.value?.range,
            (0...value.end.offset).contains(value.start.offset), value.end.offset <= bytes.count
        else { return nil }
        let written = bytes[value.start.offset..<value.end.offset]
        let isCurrent = String(decoding: written, as: UTF8.self) == gap.text
        bytes.replaceSubrange(value.start.offset..<value.end.offset, with: gap.text.utf8)
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        let above = lines.indices.prefix(max(0, definition.range.start.line - 1)).reversed()
        let marked = above.prefix { lines[$0].hasPrefix("#") }.first { lines[$0].hasPrefix(mark) }
        guard let marked else { return nil }
        let source = "\(mark)\(counted(gap.repeatBuyers, "repeat buyer")) "
        if isCurrent, lines[marked].hasPrefix(source + "at the import of ") { return nil }
        let end = lines[marked].utf8.last == 13 ? "\r" : ""
        lines[marked] =
            "\(source)at the import of \(spokenDay(day)); take this line out to keep a value of your own.\(end)"
        return lines.joined(separator: "\n")
    }
}

extension DefinitionSource {
    /// Also where the definition has an error: then it is to be mended, not written a second time.
    fileprivate var definesTypicalGap: Bool {
        (parsed.definitions.map(\.name) + parsed.broken.map(\.name)).contains(TypicalGap.name)
    }
}
