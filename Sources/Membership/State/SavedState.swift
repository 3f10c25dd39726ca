import Columns
import EventModel
import EventStore
import Foundation
import GRDB

/// Memberships as of a watermark, as they are saved now and then.
struct SavedState {
    var mark: MembershipWatermark
    /// The last change of the log that is reflected.
    var position: Int64
    /// Members by segment number.
    var members: [Int64: Bitmap]
    /// Per profile the instant at which it is due, ms.
    var due: [Int64]
    /// Per identifier the profile it leads to.
    var leaders: [ProfileNumber]

    init(mark: MembershipWatermark, position: Int64) {
        self.mark = mark
        self.position = position
        members = [:]
        due = []
        leaders = []
    }

    /// - Parameter snapshot: the view of the last step.
    init(_ tracking: Tracking, _ snapshot: Snapshot) {
        mark = tracking.mark
        position = tracking.position
        members = Dictionary(uniqueKeysWithValues: tracking.segments.map { ($0.id, $0.members) })
        due = tracking.due.instants
        leaders = snapshot.leaders
    }

    private enum Kind {
        static let members = "members"
        static let due = "due"
        static let leaders = "leaders"
    }

    func write(_ database: Database) throws {
        try database.execute(sql: "DELETE FROM saved_part")
        let statement = try database.makeStatement(sql: "INSERT INTO saved_part (kind, number, body) VALUES (?, ?, ?)")
        for (segment, bitmap) in members {
            try statement.execute(arguments: [Kind.members, segment, Self.data(bitmap.words)])
        }
        try statement.execute(arguments: [Kind.due, 0, Self.data(due)])
        try statement.execute(arguments: [Kind.leaders, 0, Self.data(leaders)])
        try database.execute(
            sql: "INSERT OR REPLACE INTO saved (id, arrival, instant, position) VALUES (1, ?, ?, ?)",
            arguments: [Int64(clamping: mark.arrival), mark.instant.milliseconds, position])
    }

    /// Nil when nothing was saved, or what was cannot be made sense of: then all is found anew.
    static func read(_ database: Database) throws -> SavedState? {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM saved") else { return nil }
        var state = SavedState(
            mark: MembershipWatermark(
                arrival: UInt64(clamping: row["arrival"] as Int64), instant: Timestamp(milliseconds: row["instant"])),
            position: row["position"])
        var kinds: Set<String> = []
        for part in try Row.fetchAll(database, sql: "SELECT kind, number, body FROM saved_part") {
            let kind: String = part["kind"]
            let body: Data = part["body"]
            kinds.insert(kind)
            switch kind {
            case Kind.members:
                guard let words: [UInt64] = numbers(body) else { return nil }
                state.members[part["number"]] = Bitmap(words: words)
            case Kind.due:
                guard let due: [Int64] = numbers(body) else { return nil }
                state.due = due
            case Kind.leaders:
                guard let leaders: [ProfileNumber] = numbers(body) else { return nil }
                state.leaders = leaders
            default: return nil
            }
        }
        return kinds.contains(Kind.due) && kinds.contains(Kind.leaders) ? state : nil
    }

    /// Numbers, little-endian one after another.
    private static func data(_ numbers: [some FixedWidthInteger]) -> Data {
        numbers.map(\.littleEndian).withUnsafeBytes { Data($0) }
    }

    private static func numbers<Number: FixedWidthInteger>(_ data: Data) -> [Number]? {
        let size = MemoryLayout<Number>.size
        guard data.count % size == 0 else { return nil }
        return data.withUnsafeBytes { bytes in
            (0..<(data.count / size)).map {
                Number(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Number.self))
            }
        }
    }
}
