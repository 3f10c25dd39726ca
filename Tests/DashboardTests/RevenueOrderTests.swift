import Columns
import EventModel
import EventStore
import Testing

@testable import Dashboard

struct RevenueOrderTests {
    @Test(arguments: 0..<40) func `members come as if all of them were sorted`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var revenues: [ProfileNumber: Double] = [:]
        var members = Bitmap()
        let people = 1 + Int.random(in: 0..<300, using: &random)
        for number in 0..<people {
            // Many have none, some the same, a few less than nothing; and some came after the figures were made.
            let revenue = Double([0, 0, 0, 5, 10, 10, -3].randomElement(using: &random) ?? 0)
            if Bool.random(using: &random) { revenues[ProfileNumber(number)] = revenue }
            if Bool.random(using: &random) { members.insert(number) }
        }
        let naive = members.map { ProfileNumber($0) }.sorted { left, right in
            let (first, second) = (revenues[left] ?? 0, revenues[right] ?? 0)
            return first == second ? left < right : first > second
        }
        let order = RevenueOrder(revenues.map { ($0.key, $0.value) })
        #expect(Array(order.all(of: members)) == naive)
        var pages: [ProfileNumber] = []
        for start in stride(from: 0, to: naive.count + 20, by: 7) {
            pages += order.slice(of: members, from: start, count: 7)
        }
        #expect(pages == naive)
        #expect(Array(RevenueOrder.none.all(of: members)) == members.map { ProfileNumber($0) })
    }
}
