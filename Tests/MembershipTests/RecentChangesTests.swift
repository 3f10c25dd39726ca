import EventModel
import Testing

@testable import Membership

struct RecentChangesTests {
    private func change(_ sequence: Int64, of segment: Text = "a") -> MembershipChange {
        MembershipChange(
            position: sequence, segment: segment, sequence: sequence, kind: .entered, profile: 1,
            instant: Timestamp(milliseconds: sequence), cause: .clock, version: 1)
    }

    private func sequences(
        _ recent: RecentChanges, after: Int64, last: Int64, limit: Int = 10, of segment: Text = "a"
    ) -> [Int64]? {
        recent.changes(of: segment, after: after, last: last, limit: limit)?.map(\.sequence)
    }

    @Test func `what follows is answered as long as nothing is missing`() {
        var recent = RecentChanges()
        for sequence in Int64(5)...9 { recent.add(change(sequence)) }
        recent.add(change(1, of: "b"))
        #expect(sequences(recent, after: 6, last: 9) == [7, 8, 9])
        #expect(sequences(recent, after: 4, last: 9, limit: 2) == [5, 6])
        #expect(sequences(recent, after: 9, last: 9) == [])
        #expect(sequences(recent, after: 3, last: 9) == nil, "4 is not here")
        #expect(sequences(recent, after: 6, last: 10) == nil, "10 is not here")
        #expect(sequences(recent, after: 0, last: 1, of: "b") == [1])
        #expect(sequences(recent, after: 0, last: 1, of: "c") == nil)
        // One that was logged elsewhere: what was before it is given up.
        recent.add(change(11))
        #expect(sequences(recent, after: 8, last: 11) == nil)
        #expect(sequences(recent, after: 10, last: 11) == [11])
        recent.removeAll()
        #expect(sequences(recent, after: 10, last: 11) == nil)
    }

    @Test func `the oldest are given up, the newest are kept`() {
        var recent = RecentChanges()
        let last = Int64(5 * RecentChanges.most)
        for sequence in 1...last { recent.add(change(sequence)) }
        #expect(sequences(recent, after: 0, last: last) == nil)
        let kept = last - Int64(RecentChanges.most)
        #expect(sequences(recent, after: kept, last: last, limit: .max) == Array(kept + 1...last))
    }
}
