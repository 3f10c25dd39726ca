package import EventModel

extension OutboundAnswer {
    /// When the receiver wants to be asked again: `Retry-After` as seconds or as a date (RFC 9110, section 10.2.3).
    ///
    /// Nil when it does not say, or says something else.
    package func retryTime(from now: Timestamp) -> Timestamp? {
        guard let retryAfter, !retryAfter.isEmpty else { return nil }
        guard retryAfter.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return Self.date(retryAfter) }
        guard retryAfter.utf8.count <= 9, let seconds = Int64(retryAfter) else { return nil }
        return now.adding(milliseconds: seconds * 1_000)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])),
            let day = number(parts[1], 2), let year = number(parts[3], 4),
            let date = CalendarDay(year: year, month: month + 1, day: day)
        else { return nil }
        let time = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard time.count == 3, let hour = number(time[0], 2), let minute = number(time[1], 2),
            let second = number(time[2], 2), hour < 24, minute < 60, second <= 60
        else { return nil }
        let seconds = Int64(hour * 3_600 + minute * 60 + second)
        return Timestamp(
            milliseconds: Int64(date.daysSinceEpoch) * Timestamp.millisecondsPerDay + seconds * 1_000)
    }

    private static func number(_ text: Substring, _ digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
