internal import Foundation
internal import Synchronization

/// The clock changes of one zone from 1900 to 2100, asked of Foundation once.
final class ZoneTable: Sendable {
    /// Starts of the spans in milliseconds, ascending; the first is `lowerBound`.
    private let starts: [Int64]
    /// East of UTC in milliseconds, one for each start.
    private let offsets: [Int64]
    /// Asked for instants outside the table; nil for UTC.
    private let zone: TimeZone?

    /// 1900-01-01 and 2100-01-01, UTC.
    static let lowerBound: Int64 = -2_208_988_800_000
    static let upperBound: Int64 = 4_102_444_800_000

    static let utc = ZoneTable(starts: [lowerBound], offsets: [0], zone: nil)

    private static let cache = Locked<[Text: ZoneTable]>([:])

    private init(starts: [Int64], offsets: [Int64], zone: TimeZone?) {
        self.starts = starts
        self.offsets = offsets
        self.zone = zone
    }

    /// The table of a zone, from the cache if it was asked for before; nil when there is no such zone.
    static func named(_ identifier: String) -> ZoneTable? {
        if ["UTC", "Etc/UTC"].contains(identifier) { return utc }
        if let known = cache.withLock({ $0[Text(identifier)] }) { return known }
        guard isZoneName(identifier), let zone = TimeZone(identifier: identifier) else { return nil }
        let table = ZoneTable(zone)
        cache.withLock { $0[Text(identifier)] = table }
        return table
    }

    /// Letters that Foundation takes for zones but the IANA data does not: they mean different zones to different
    /// people (`BST` is Bangladesh to it).
    private static let ambiguousAbbreviations: Set<String> = [
        "ACT", "AET", "AGT", "ART", "AST", "BET", "BST", "CAT", "CNT", "CST", "CTT", "EAT", "ECT", "IET", "IST", "JST",
        "MIT", "NET", "NST", "PLT", "PNT", "PRT", "PST", "SST", "VST",
    ]

    /// Whether a text has the form of a zone's name; Foundation also takes offsets such as `GMT+2`, which are none.
    private static func isZoneName(_ identifier: String) -> Bool {
        let bytes = identifier.utf8
        guard bytes.count <= 64, let first = bytes.first, isLetter(first),
            bytes.allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) || "/_+-".utf8.contains($0) })
        else { return false }
        let isOffset = ["GMT", "UTC", "UT"].contains { prefix in
            identifier.hasPrefix(prefix)
                && bytes.dropFirst(prefix.utf8.count).first.map { "+-".utf8.contains($0) } == true
        }
        return !isOffset && !ambiguousAbbreviations.contains(identifier) && !identifier.hasPrefix("SystemV/")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private init(_ zone: TimeZone) {
        var starts = [Self.lowerBound]
        var offsets = [Self.offset(of: zone, at: Self.lowerBound)]
        // Foundation names the next change but is not trusted alone: a look every five days finds what it leaves out.
        var time = Self.lowerBound
        let step: Int64 = 5 * 86_400_000
        while time < Self.upperBound {
            let next = min(time + step, Self.upperBound)
            Self.findChanges(of: zone, from: time, to: next, &starts, &offsets)
            time = next
        }
        self.starts = starts
        self.offsets = offsets
        self.zone = zone
    }

    /// Finds the change between two instants by halving, if their offsets differ.
    private static func findChanges(
        of zone: TimeZone, from start: Int64, to end: Int64, _ starts: inout [Int64], _ offsets: inout [Int64]
    ) {
        let before = offsets.last ?? 0
        guard offset(of: zone, at: end) != before else { return }
        var low = start
        var high = end
        while high - low > 1_000 {
            let middle = (low + (high - low) / 2) / 1_000 * 1_000
            if middle <= low || middle >= high { break }
            if offset(of: zone, at: middle) == before { low = middle } else { high = middle }
        }
        starts.append(high)
        offsets.append(offset(of: zone, at: high))
        findChanges(of: zone, from: high, to: end, &starts, &offsets)
    }

    private static func offset(of zone: TimeZone, at milliseconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(milliseconds) / 1_000))) * 1_000
    }

    /// The constant offset around an instant. Complexity: O(log changes).
    func span(at milliseconds: Int64) -> Zone.OffsetSpan {
        guard let zone else { return Zone.OffsetSpan(start: .min, end: .max, offset: 0) }
        if milliseconds < Self.lowerBound || milliseconds >= Self.upperBound {
            return spanOutside(of: zone, at: milliseconds)
        }
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= milliseconds { low = middle } else { high = middle }
        }
        return Zone.OffsetSpan(
            start: starts[low], end: low + 1 < starts.count ? starts[low + 1] : Self.upperBound, offset: offsets[low])
    }

    /// Outside the table: the offset, said to hold for that quarter of an hour only.
    private func spanOutside(of zone: TimeZone, at milliseconds: Int64) -> Zone.OffsetSpan {
        // Foundation's calendar ends somewhere beyond; no zone changes there.
        let clamped = min(max(milliseconds, Timestamp.earliest.milliseconds), Timestamp.latest.milliseconds)
        let quarter: Int64 = 900_000
        var start = clamped - clamped % quarter
        if start > clamped { start -= quarter }
        let isInside = clamped == milliseconds
        return Zone.OffsetSpan(
            start: isInside ? start : (milliseconds < clamped ? .min : clamped),
            end: isInside ? start + quarter : (milliseconds < clamped ? clamped : .max),
            offset: Self.offset(of: zone, at: clamped))
    }
}
