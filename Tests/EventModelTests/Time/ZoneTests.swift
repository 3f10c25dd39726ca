import EventModel
import Foundation
import Testing

@Suite struct ZoneTests {
    static let zones = [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "Pacific/Apia",
        "Asia/Kolkata", "UTC", "Asia/Kathmandu", "Africa/Casablanca", "Europe/Moscow", "America/Sao_Paulo",
        "Pacific/Kiritimati", "Antarctica/Troll", "Asia/Gaza", "Europe/Dublin", "Africa/Monrovia", "Etc/GMT+12",
    ]

    private func zone(_ identifier: String) throws -> Zone { try #require(Zone(identifier: identifier)) }

    private func instant(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: text, zone: .utc)) }

    @Test(arguments: zones)
    func `the table agrees with Foundation at every sampled instant`(identifier: String) throws {
        let zone = try zone(identifier)
        let foundation = try #require(TimeZone(identifier: identifier))
        var random = SeededRandom(seed: 21)
        // 1850 to 2150: the table's years and some on either side.
        for _ in 0..<20_000 {
            let milliseconds = Int64(random.int(below: 9_467_000_000_000)) - 3_786_800_000_000
            let date = Date(timeIntervalSince1970: Double(milliseconds / 1_000))
            let second = Timestamp(milliseconds: milliseconds / 1_000 * 1_000)
            if zone.offsetMilliseconds(at: second) != Int64(foundation.secondsFromGMT(for: date)) * 1_000 {
                Issue.record("\(second)")
            }
        }
    }

    @Test(arguments: zones)
    func `each clock change is where Foundation has it`(identifier: String) throws {
        let zone = try zone(identifier)
        let foundation = try #require(TimeZone(identifier: identifier))
        var date = Date(timeIntervalSince1970: -2_208_988_800)
        let end = Date(timeIntervalSince1970: 4_102_444_800)
        while let change = foundation.nextDaylightSavingTimeTransition(after: date), change < end {
            for second in [-1, 0] {
                let instant = Timestamp(
                    milliseconds: Int64(change.timeIntervalSince1970.rounded() + Double(second)) * 1_000)
                let wanted = foundation.secondsFromGMT(
                    for: Date(timeIntervalSince1970: Double(instant.milliseconds / 1_000)))
                if zone.offsetMilliseconds(at: instant) != Int64(wanted) * 1_000 { Issue.record("\(instant)") }
            }
            date = change
        }
    }

    @Test func `known clock changes happen to the millisecond`() throws {
        let berlin = try zone("Europe/Berlin")
        #expect(berlin.offsetMilliseconds(at: try instant("2026-03-29T00:59:59.999Z")) == 3_600_000)
        #expect(berlin.offsetMilliseconds(at: try instant("2026-03-29T01:00:00.000Z")) == 7_200_000)
        #expect(berlin.offsetMilliseconds(at: try instant("2026-10-25T00:59:59.999Z")) == 7_200_000)
        #expect(berlin.offsetMilliseconds(at: try instant("2026-10-25T01:00:00.000Z")) == 3_600_000)
        #expect(try zone("Australia/Lord_Howe").offsetMilliseconds(at: try instant("2026-01-01T00:00Z")) == 39_600_000)
        #expect(try zone("Australia/Lord_Howe").offsetMilliseconds(at: try instant("2026-07-01T00:00Z")) == 37_800_000)
        #expect(try zone("Asia/Kathmandu").offsetMilliseconds(at: try instant("2026-07-01T00:00Z")) == 20_700_000)
    }

    @Test func `Berlin changes its clocks twice a year from 1980 on`() throws {
        let berlin = try zone("Europe/Berlin")
        var span = berlin.offsetSpan(at: try instant("1980-01-01T00:00Z"))
        var changes = 0
        while span.end < (try instant("2099-12-31T00:00Z")).milliseconds {
            let next = berlin.offsetSpan(at: Timestamp(milliseconds: span.end))
            #expect(next.start == span.end && next.offset != span.offset)
            span = next
            changes += 1
        }
        #expect(changes == 240)
    }

    @Test func `a day starts at its first instant that exists`() throws {
        let cases = [
            ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000Z"),
            ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00.000Z"),
            // Midnight does not exist: the clocks go from 00:00 to 01:00.
            ("America/Santiago", "2026-09-06", "2026-09-06T04:00:00.000Z"),
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00.000Z"),
            ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00.000Z"),
            // Midnight comes once only, after the evening hour came twice.
            ("America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00.000Z"),
            // Havana's midnight comes twice: the first counts.
            ("America/Havana", "2026-11-01", "2026-11-01T04:00:00.000Z"),
            // Samoa left out 30 December 2011.
            ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00.000Z"),
            ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000Z"),
            ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00.000Z"),
            ("UTC", "2026-03-15", "2026-03-15T00:00:00.000Z"),
            ("Asia/Kolkata", "2026-03-15", "2026-03-14T18:30:00.000Z"),
            // Outside the table.
            ("Europe/Berlin", "2150-07-01", "2150-06-30T22:00:00.000Z"),
            ("Europe/Berlin", "1850-07-01", "1850-06-30T23:06:32.000Z"),
        ]
        for (identifier, day, wanted) in cases {
            let start = Timestamp(iso8601: day, zone: try zone(identifier))
            #expect(start?.iso8601 == wanted, "\(identifier) \(day)")
        }
    }

    @Test func `times in a gap move forward and doubled times are the first`() throws {
        let cases = [
            ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30:00.000Z"),
            ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00:00.000Z"),
            ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00.000Z"),
            ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00.000Z"),
            ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00.000Z"),
            ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45:00.000Z"),
        ]
        for (identifier, text, wanted) in cases {
            #expect(Timestamp(iso8601: text, zone: try zone(identifier))?.iso8601 == wanted, "\(identifier) \(text)")
        }
    }

    @Test(arguments: zones)
    func `the start of a day is in that day and a millisecond before it is not`(identifier: String) throws {
        let zone = try zone(identifier)
        // Every day from 1990 to 2040, but for the one that Samoa skipped and the one Kiritimati skipped.
        for days in Int32(7_305)..<25_567 {
            let day = CalendarDay(daysSinceEpoch: days)
            let start = zone.startOfDay(day)
            if zone.day(of: start) == day, zone.day(of: start.adding(milliseconds: -1)) < day { continue }
            let isSkipped =
                (identifier == "Pacific/Apia" && day.iso8601 == "2011-12-30")
                || (identifier == "Pacific/Kiritimati" && ["1994-12-31", "1995-01-01"].contains(day.iso8601))
            if !isSkipped { Issue.record("\(identifier) \(day.iso8601)") }
        }
    }

    @Test(arguments: zones)
    func `what the clocks show names the instant again`(identifier: String) throws {
        let zone = try zone(identifier)
        var random = SeededRandom(seed: 22)
        for _ in 0..<5_000 {
            let instant = Timestamp(milliseconds: Int64(random.int(below: 2_500_000_000_000)))
            let shown = zone.components(of: instant)
            let millisecond = ((shown.hour * 60 + shown.minute) * 60 + shown.second) * 1_000 + shown.millisecond
            let again = zone.timestamp(shown.day, millisecondOfDay: millisecond)
            // A doubled time names the first of its two instants.
            let isSame = again == instant || (again < instant && zone.components(of: again) == shown)
            if !isSame { Issue.record("\(identifier) \(instant)") }
        }
    }

    @Test(arguments: [
        "", "+02:00", "+0200", "GMT+2", "GMT+0200", "UTC+1", "UTC-05:00", "Europe", "Europe/Nowhere", "Mars/Olympus",
        "../etc/passwd", "Europe/Berlin ", "Europe/Berlin\u{0}", "2026-03-15", "local", "Europe/B\u{E9}rlin", "/",
        "BST", "PST", "SystemV/PST8", "europe/berlin",
    ])
    func `what is no name of a zone is none`(identifier: String) {
        #expect(Zone(identifier: identifier) == nil)
    }

    @Test(arguments: [
        "UTC", "Etc/UTC", "GMT", "Etc/GMT+5", "US/Pacific", "Asia/Calcutta", "America/Argentina/Buenos_Aires",
    ])
    func `old and plain names of zones are names`(identifier: String) {
        #expect(Zone(identifier: identifier) != nil)
    }

    @Test func `instants far outside any calendar have an offset too`() throws {
        for identifier in ["Europe/Berlin", "UTC"] {
            let zone = try zone(identifier)
            for instant in [Timestamp.distantPast, .distantFuture, .earliest, .latest] {
                _ = zone.components(of: instant)
                _ = zone.startOfDay(zone.day(of: instant))
            }
        }
    }

    @Test func `zones are equal by their names`() throws {
        #expect(try zone("Europe/Berlin") == (try zone("Europe/Berlin")))
        #expect(try zone("Europe/Berlin") != (try zone("Europe/Paris")))
        #expect(Zone.utc == Zone(identifier: "UTC"))
    }
}
