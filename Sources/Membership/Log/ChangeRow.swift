import EventModel
import EventStore
import Foundation
import GRDB

/// A change as a row of the log.
struct ChangeRow {
    var segment: Int64
    var sequence: Int64
    var kind: MembershipChange.Kind
    /// Nil for entries about the whole segment, and of an erased profile.
    var profile: ProfileNumber?
    var instant: Timestamp
    var cause: MembershipChange.Cause
    var version: Int

    private enum KindCode: Int64 {
        case left = 0
        case entered = 1
        case baseline = 2
        case removed = 3
    }

    private enum CauseCode: Int64 {
        case message = 1
        case clock = 2
        case identity = 3
        case rank = 4
        case definition = 5
        case erasure = 6
    }

    /// What stands in the place of a profile that was erased.
    static let erasedProfile: Int64 = -1

    static let insertion = """
        INSERT INTO change (segment, sequence, kind, profile, instant, cause, message, event, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    func insert(_ statement: Statement) throws {
        var message: [UInt8]?
        var event: [UInt8]?
        if case .message(let id, let name) = cause {
            message = Array(id.utf8)
            event = Array(name.utf8)
        }
        try statement.execute(arguments: [
            segment, sequence, kindCode.rawValue, number, instant.milliseconds, causeCode.rawValue,
            message.map { Data($0) }, event.map { Data($0) }, version,
        ])
    }

    /// The same as it is read from the log.
    func entry(of segment: Text, at position: Int64) -> MembershipChange {
        MembershipChange(
            position: position, segment: segment, sequence: sequence, kind: kind, profile: profile, instant: instant,
            cause: cause, version: version)
    }

    /// The profile, or how many members a baseline has.
    private var number: Int64 {
        switch kind {
        case .baseline(let members): Int64(members)
        case .entered, .left: profile.map { Int64($0) } ?? Self.erasedProfile
        case .removed: 0
        }
    }

    private var kindCode: KindCode {
        switch kind {
        case .left: .left
        case .entered: .entered
        case .baseline: .baseline
        case .removed: .removed
        }
    }

    private var causeCode: CauseCode {
        switch cause {
        case .message: .message
        case .clock: .clock
        case .identity: .identity
        case .rank: .rank
        case .definition: .definition
        case .erasure: .erasure
        }
    }

    /// - Parameter row: all columns of the table, and the segment's name as `name`.
    static func change(_ row: Row) -> MembershipChange {
        let number: Int64 = row["profile"]
        let code: Int64 = row["kind"]
        let kind: MembershipChange.Kind
        switch KindCode(rawValue: code) {
        case .entered: kind = .entered
        case .baseline: kind = .baseline(members: Int(number))
        case .removed: kind = .removed
        case .left, nil: kind = .left
        }
        let isOfOne = kind == .entered || kind == .left
        return MembershipChange(
            position: row["position"], segment: text(row["name"]), sequence: row["sequence"], kind: kind,
            profile: isOfOne ? ProfileNumber(exactly: number) : nil,
            instant: Timestamp(milliseconds: row["instant"]), cause: cause(row), version: row["version"])
    }

    private static func cause(_ row: Row) -> MembershipChange.Cause {
        let code: Int64 = row["cause"]
        switch CauseCode(rawValue: code) {
        case .message: return .message(id: text(row["message"]), event: text(row["event"]))
        case .identity: return .identity
        case .rank: return .rank
        case .definition: return .definition
        case .erasure: return .erasure
        case .clock, nil: return .clock
        }
    }

    static func text(_ data: Data?) -> Text { Text(String(decoding: data ?? Data(), as: UTF8.self)) }
}
