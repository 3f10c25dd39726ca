import Columns
import EventModel
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Membership

/// What is on the disk of a state that was being saved when the process ended.
struct SavedStateTests {
    private let directory: TemporaryDirectory
    private let database: MembershipDatabase

    init() throws {
        directory = try TemporaryDirectory()
        database = try MembershipDatabase(path: "\(directory.path)/memberships.db")
    }

    /// A state that is another one for each number; large enough to be written in several parts.
    private func state(_ number: Int) -> SavedState {
        var state = SavedState(
            mark: MembershipWatermark(arrival: UInt64(number), instant: Timestamp(milliseconds: Int64(number) * 10)),
            position: Int64(number) * 100)
        for segment in 1...(3 + number) {
            state.members[Int64(segment)] = Bitmap(words: [UInt64(number), UInt64(segment)])
        }
        state.due = (0..<150_000).map { Int64($0 * number) }
        state.leaders = (0..<70_000).map { UInt32($0 + number) }
        return state
    }

    private func number() throws -> Int? {
        guard let found = try database.read(SavedState.read) else { return nil }
        let number = Int(found.mark.arrival)
        let expected = state(number)
        #expect(found.members == expected.members && found.due == expected.due && found.leaders == expected.leaders)
        #expect(found.mark == expected.mark && found.position == expected.position)
        return number
    }

    private func parts() throws -> Int {
        try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM saved_part") ?? 0 }
    }

    @Test func `what is read is what was written`() throws {
        #expect(try number() == nil)
        try database.write { try state(1).write($0) }
        #expect(try number() == 1)
    }

    @Test func `a state counts when all of it is there, and the one before it until then`() throws {
        try database.write { try state(1).write($0) }
        var before = 1
        let steps = try state(2).steps(generation: database.read(SavedState.nextGeneration)).count
        for end in 0...steps {
            let next = before + 1
            let generation = try database.read(SavedState.nextGeneration)
            for step in state(next).steps(generation: generation).prefix(end) {
                while try database.write(step) {}
            }
            // All but the last two steps: giving the state its name, and clearing what was before.
            let written = state(next).steps(generation: generation).count
            let isNamed = end >= written - 1
            #expect(try number() == (isNamed ? next : before))
            if isNamed { before = next }
        }
        try database.write { try state(before + 1).write($0) }
        #expect(try number() == before + 1)
        // Nothing is left of states that were not written to their end.
        #expect(try parts() == state(before + 1).members.count + 3 + 2)
    }
}
