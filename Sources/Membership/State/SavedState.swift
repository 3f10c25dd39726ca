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

    /// What is written in one go: so many numbers of one kind at most, half a megabyte.
    private static let numbersPerPart = 65_536

    /// A part of the state, a row of `saved_part`; it copies nothing until it is written.
    private struct Part {
        var kind: String
        var number: Int64
        var body: () -> Data
    }

    private var parts: [Part] {
        func cut<Number: FixedWidthInteger>(_ numbers: [Number], _ kind: String) -> [Part] {
            stride(from: 0, to: max(numbers.count, 1), by: Self.numbersPerPart).map { start in
                Part(kind: kind, number: Int64(start)) { Self.data(numbers[start...].prefix(Self.numbersPerPart)) }
            }
        }
        return members.sorted { $0.key < $1.key }.map { segment, bitmap in
            Part(kind: Kind.members, number: segment) { Self.data(bitmap.words[...]) }
        } + cut(due, Kind.due) + cut(leaders, Kind.leaders)
    }

    /// Writes all of it into the place of what was saved before.
    func write(_ database: Database) throws {
        for step in try steps(generation: Self.nextGeneration(database)) { while try step(database) {} }
    }

    /// The same in steps of some milliseconds each, for transactions of their own. What was saved before counts until the
    /// state is complete; nothing else may be saved meanwhile.
    ///
    /// - Parameter generation: see `nextGeneration`.
    /// - Returns: what to do one after another, each again as long as it answers true.
    func steps(generation: Int64) -> [(Database) throws -> Bool] {
        let writing = parts.map { part in
            { (database: Database) -> Bool in
                try database.cachedStatement(
                    sql: "INSERT INTO saved_part (generation, kind, number, body) VALUES (?, ?, ?, ?)"
                ).execute(arguments: [generation, part.kind, part.number, part.body()])
                return false
            }
        }
        let naming = { [mark, position] (database: Database) -> Bool in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO saved (id, arrival, instant, position, generation) VALUES (1, ?, ?, ?, ?)
                    """,
                arguments: [Int64(clamping: mark.arrival), mark.instant.milliseconds, position, generation])
            return false
        }
        // A few at a time: taking a long list of pages back takes as long as writing them.
        let clearing = { (database: Database) -> Bool in
            try database.execute(
                sql: """
                    DELETE FROM saved_part WHERE rowid IN
                    (SELECT rowid FROM saved_part WHERE generation <> ? LIMIT 8)
                    """, arguments: [generation])
            return database.changesCount > 0
        }
        return writing + [naming, clearing]
    }

    /// A number that no part has.
    static func nextGeneration(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT coalesce(max(generation), 0) + 1 FROM saved_part") ?? 1
    }

    /// Nil when nothing was saved, or what was cannot be made sense of: then all is found anew.
    static func read(_ database: Database) throws -> SavedState? {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM saved") else { return nil }
        var state = SavedState(
            mark: MembershipWatermark(
                arrival: UInt64(clamping: row["arrival"] as Int64), instant: Timestamp(milliseconds: row["instant"])),
            position: row["position"])
        var kinds: Set<String> = []
        // What was being saved when the process ended is of another generation.
        let rows = try Row.fetchAll(
            database, sql: "SELECT kind, number, body FROM saved_part WHERE generation = ? ORDER BY kind, number",
            arguments: [row["generation"] as Int64])
        for part in rows {
            let kind: String = part["kind"]
            let body: Data = part["body"]
            kinds.insert(kind)
            switch kind {
            case Kind.members:
                guard let words: [UInt64] = numbers(body) else { return nil }
                state.members[part["number"]] = Bitmap(words: words)
            case Kind.due:
                guard let due: [Int64] = numbers(body), part["number"] == state.due.count else { return nil }
                state.due += due
            case Kind.leaders:
                guard let leaders: [ProfileNumber] = numbers(body), part["number"] == state.leaders.count else {
                    return nil
                }
                state.leaders += leaders
            default: return nil
            }
        }
        return kinds.contains(Kind.due) && kinds.contains(Kind.leaders) ? state : nil
    }

    /// Numbers, little-endian one after another.
    private static func data(_ numbers: ArraySlice<some FixedWidthInteger>) -> Data {
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
