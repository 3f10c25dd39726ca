import Columns
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

/// A data directory as a command reads it: a snapshot of the store, and the definitions beside it.
struct Workspace: Sendable {
    let path: String
    let store: EventStore
    let snapshot: Snapshot
    let library: DefinitionLibrary

    var settings: WorkspaceSettings { snapshot.settings }
    var zone: Zone { settings.zone }
    var definitionFolder: String { Self.definitionFolder(in: path) }

    static func definitionFolder(in path: String) -> String { path + "/segments" }

    // MARK: - Names

    /// A segment by its name.
    ///
    /// - Throws: `unknown-segment` with the nearest name, or why the file it stands in is left out.
    func segment(named name: String) throws(CommandError) -> Definition {
        let definition = try definition(named: name, among: library.program.segments)
        guard definition.condition == nil else { return definition }
        throw CommandError(
            "wrong-kind", .usage, "\"\(name)\" is a metric, not a segment",
            advice: "\"shoal segments\" lists the segments")
    }

    /// The name of a metric, the built-in ones too.
    func metric(named name: String) throws(CommandError) -> Text {
        if ["net_orders", "net_revenue"].contains(name) { return Text(name) }
        let definition = try definition(named: name, among: library.program.metrics)
        guard definition.value == nil else { return definition.name }
        throw CommandError(
            "wrong-kind", .usage, "\"\(name)\" is a segment, not a metric",
            advice: "\"shoal members SEGMENT\" lists who is in it")
    }

    /// A segment or metric by its name.
    func definition(named name: String) throws(CommandError) -> Definition {
        try definition(named: name, among: library.program.definitions)
    }

    private func definition(named name: String, among candidates: [Definition]) throws(CommandError) -> Definition {
        if let definition = library.program[Text(name)] { return definition }
        if let file = library.broken.first(where: { $0.names.contains(name) }) {
            throw CommandError(
                "broken-definition", .data, "\"\(name)\" stands in a file with errors", at: "segments/\(file.path)",
                advice: "shoal check \(definitionFolder)/\(file.path)")
        }
        let names = candidates.map(\.name.string)
        let meant = Spelling.closest(to: name, among: names).map { "did you mean \"\($0)\"?" }
        throw CommandError(
            "unknown-segment", .usage, "there is no segment called \"\(name)\"", at: definitionFolder,
            advice: meant ?? "\"shoal segments\" lists those there are")
    }

    // MARK: - Instants

    /// The instant to answer for; tells on standard error when it leaves all data far behind.
    func instant(_ options: InstantOptions, clock: any Clock, _ console: Console) throws -> Timestamp {
        let instant = try options.instant(zone: zone, clock: clock)
        if options.asOf == nil, let last = try lastEventTime(until: instant),
            let hint = staleHint(last: last, now: instant)
        {
            console.note(hint)
        }
        return instant
    }

    /// What to say when the latest event is older than 30 days: "in the last 90 days" would then be about nothing.
    func staleHint(last: Timestamp, now: Timestamp) -> String? {
        guard now.milliseconds(since: last) > 30 * Timestamp.millisecondsPerDay else { return nil }
        let day = zone.day(of: last)
        return "note: the latest event is of \(spokenDay(day)); use --as-of \(day.adding(days: 1).iso) "
            + "to see the store as of then\n"
    }
}

extension Workspace {
    /// The time of the latest message of any profile up to an instant; nil when there is none.
    func lastEventTime(until instant: Timestamp) throws -> Timestamp? {
        var last: Int64?
        for index in 0..<snapshot.blockCount {
            let times = try snapshot.block(index, projection: .nothing).lastTimes
            last = times.lazy.filter { $0 <= instant.milliseconds }.max().map { max($0, last ?? $0) } ?? last
        }
        return last.map { Timestamp(milliseconds: $0) }
    }
}
