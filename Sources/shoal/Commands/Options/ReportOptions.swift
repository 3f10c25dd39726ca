import ArgumentParser
import EventModel
import SegmentLanguage

/// Whose events a report is about, and of when.
struct ReportOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Only its members, as of the same instant.", valueName: "segment"))
    var segment: String?

    @Option(name: .long, help: ArgumentHelp("Nothing before this date or time.", valueName: "instant"))
    var from: String?

    @Option(name: .long, help: ArgumentHelp("Nothing from this date or time on.", valueName: "instant"))
    var to: String?

    /// The window that `--from` and `--to` speak of; nil without them.
    ///
    /// - Throws: `invalid-instant`, and `empty-period` when it ends before it begins.
    func window(zone: Zone) throws(CommandError) -> Window? {
        let (start, end) = try bounds(zone: zone)
        switch (start, end, from.map(Self.literal), to.map(Self.literal)) {
        case (let start?, let end?, let from?, let to?):
            guard start < end else {
                throw CommandError(
                    "empty-period", .usage, "--from \(self.from ?? "") is not before --to \(self.to ?? "")",
                    advice: "--to names the first instant that no longer counts")
            }
            return .from(from, to: to)
        case (_?, nil, let from?, _): return .onOrAfter(from)
        case (nil, _?, _, let to?): return .before(to)
        default: return nil
        }
    }

    /// Both instants, as far as they are given.
    func bounds(zone: Zone) throws(CommandError) -> (from: Timestamp?, to: Timestamp?) {
        var (start, end): (Timestamp?, Timestamp?)
        if let from { start = try parsedInstant(from, option: "--from", zone: zone) }
        if let to { end = try parsedInstant(to, option: "--to", zone: zone) }
        return (start, end)
    }

    private static func literal(_ text: String) -> TimeLiteral {
        TimeLiteral(text: Text(text), isDate: text.utf8.count == 10)
    }
}
