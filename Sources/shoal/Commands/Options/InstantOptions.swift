import ArgumentParser
import EventModel

/// The instant a command answers for.
struct InstantOptions: ParsableArguments {
    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp(
            "The instant to answer for: 2026-03-01 or 2026-03-01T12:00:00Z (default: now).", valueName: "instant"))
    var asOf: String?

    /// The instant, a date being its first instant in the workspace zone.
    func instant(zone: Zone, clock: any Clock) throws(CommandError) -> Timestamp {
        guard let asOf else { return clock.now() }
        return try parsedInstant(asOf, option: "--as-of", zone: zone)
    }
}

/// An ISO 8601 date or time; without an offset it is one in the zone.
func parsedInstant(_ text: String, option: String, zone: Zone) throws(CommandError) -> Timestamp {
    if let instant = Timestamp(iso8601: Text(text), zone: zone) { return instant }
    throw CommandError(
        "invalid-instant", .usage, "\(option) \"\(text)\" is no date or time",
        advice: "write 2026-03-01, 2026-03-01T12:00:00 (in zone \(zone.identifier)) or 2026-03-01T12:00:00Z")
}

/// A zone by its name in the time zone database.
func parsedZone(_ name: String, option: String = "--zone") throws(CommandError) -> Zone {
    if let zone = Zone(identifier: name) { return zone }
    throw CommandError(
        "unknown-zone", .usage, "\(option) \"\(name)\" is no time zone",
        advice: "use a name like Europe/Berlin, America/New_York or UTC")
}
