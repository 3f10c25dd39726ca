import EventModel
import EventStore
import Testing

@testable import SegmentEngine

/// The linear search for chains finds what trying out all chains finds.
struct ChainFinderTests {
    @Test(arguments: 0..<200)
    func `the earliest ends are those of all chains`(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var shop = Shop()
        for _ in 0..<14 {
            let name = ["A", "B", "C", "N"][random.int(below: 4)]
            shop.track(Text(name), Int64(random.int(below: 12)) * Shop.hour)
        }
        let patterns = [
            "sequence(\"A\" then \"B\", within 5 hours)",
            "sequence(\"A\" then not \"N\" then \"B\" then \"C\", within 7 hours)",
            "sequence(\"A\" then not \"N\" then \"B\" then not \"C\", within 4 hours)",
            "sequence(\"A\" then \"B\" then not \"N\" within 2 hours, within 6 hours)",
            "sequence(\"A\" then \"A\" then not \"B\" then not \"C\" within 1 hour, within 8 hours)",
        ]
        for pattern in patterns {
            let plan = try shop.plan("segment s: \(pattern)")
            guard case .segment(let condition) = plan.entries[0].body, let node = condition as? SequenceNode else {
                Issue.record("no sequence")
                return
            }
            let block = try #require(shop.source.history(of: 0, projection: plan.projection))
            let evaluator = ProfileEvaluator(plan: plan, block: block, ranks: RankTables(count: 0))
            evaluator.begin(profile: 0)
            let frame = evaluator.frame(at: Shop.now.milliseconds, wantsValidity: false)
            let lists = SequenceLists(node, frame)
            #expect(lists.chainEnds(node, frame) == allEnds(node, frame), "\(pattern)")
        }
    }

    /// Tries all chains.
    private func allEnds(_ node: SequenceNode, _ frame: Frame) -> [Position?] {
        func positions(_ query: QueryNode) -> [Position] {
            var found: [Position] = []
            _ = query.forEachMatch(frame) { found.append(frame.evaluator.position(of: Int($0.row))) }
            return found.sorted()
        }
        let steps = node.steps.map(positions)
        let gaps = node.gaps.map { $0.flatMap(positions) }
        func ends(from position: Position, step: Int) -> [Position] {
            if step == steps.count - 1 { return [position] }
            return steps[step + 1].filter { next in
                next > position && !gaps[step].contains { position < $0 && $0 < next }
            }.flatMap { ends(from: $0, step: step + 1) }
        }
        return steps[0].map { start in
            ends(from: start, step: 0).filter { end in
                let limit = node.within.map { start.time + $0 } ?? .max
                guard end.time <= limit else { return false }
                return node.trailing.allSatisfy { trailing in
                    let last = trailing.within.map { end.time + $0 } ?? limit
                    return last <= frame.now && !positions(trailing.query).contains { $0 > end && $0.time <= last }
                }
            }.min()
        }
    }
}
