import Analytics
import EventModel
import SegmentLanguage

/// What reports are asked about, read from arguments; what can't be read is an error of the command.
struct ReportWords {
    private let reader: QuestionReader

    /// - Parameter window: for queries that have no window of their own.
    init(zone: Zone, window: Window? = nil) { reader = QuestionReader(zone: zone, window: window) }

    /// As `QuestionReader` says of each.
    func events(_ text: String) throws(CommandError) -> EventQuery {
        do { return try reader.events(text) } catch { throw Self.unreadable(error) }
    }

    func aggregate(_ text: String) throws(CommandError) -> (Aggregate, of: Value?, EventQuery)? {
        do { return try reader.aggregate(text) } catch { throw Self.unreadable(error) }
    }

    func values(_ text: String) throws(CommandError) -> (of: Value, EventQuery) {
        do { return try reader.values(text) } catch { throw Self.unreadable(error) }
    }

    func path(_ text: String) throws(CommandError) -> PropertyPath {
        do { return try reader.path(text) } catch { throw Self.unreadable(error) }
    }

    func property(_ text: String) throws(CommandError) -> Value {
        do { return try reader.property(text) } catch { throw Self.unreadable(error) }
    }

    func duration(_ text: String, option: String) throws(CommandError) -> DurationLiteral {
        guard let length = reader.duration(text) else {
            throw CommandError(
                "invalid-duration", .usage, "\(option) \"\(text)\" is no length of time",
                advice: "write 30 minutes, 24 hours, 7 days or 2 weeks")
        }
        return length
    }

    private static func unreadable(_ problem: QuestionReader.Problem) -> CommandError {
        CommandError(
            "bad-question", .usage, "\"\(problem.text)\" can't be read: \(problem.message)",
            at: problem.diagnostic.map { DiagnosticRenderer.text($0, source: problem.source) },
            advice: "name an event, or write it as in a segment: '\"Product Viewed\" where price > 50'")
    }
}
