/// An instant as people read it, in a zone: "1 Jan 2018, 00:00 (Europe/Berlin)".
package func spokenInstant(_ instant: Timestamp, in zone: Zone) -> String {
    "\(spokenDay(zone.day(of: instant))), \(clockTime(instant, in: zone)) (\(zone.identifier))"
}

/// "1 Jan 2018".
package func spokenDay(_ day: CalendarDay) -> String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(day.day) \(months[(day.month - 1) % 12]) \(day.year)"
}

/// "2018-01-01 17:05:00" in the zone: a column of these sorts and lines up.
package func columnInstant(_ instant: Timestamp, in zone: Zone) -> String {
    let parts = zone.components(of: instant)
    let seconds = [parts.hour, parts.minute, parts.second].map(twoDigits).joined(separator: ":")
    return "\(parts.day.iso) \(seconds)"
}

private func clockTime(_ instant: Timestamp, in zone: Zone) -> String {
    let parts = zone.components(of: instant)
    let minutes = "\(twoDigits(parts.hour)):\(twoDigits(parts.minute))"
    return parts.second == 0 ? minutes : "\(minutes):\(twoDigits(parts.second))"
}

private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
