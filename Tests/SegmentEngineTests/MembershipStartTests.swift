import EventModel
import EventStore
import ReferenceEvaluation
import SegmentLanguage
import TestSupport
import Testing

@testable import SegmentEngine

/// Since when a profile is a member.
@Suite(.serialized)
struct MembershipStartTests {
    private func start(_ condition: String, of shop: Shop, mostSteps: Int = 20_000) throws -> MembershipStart? {
        let plan = try shop.plan("segment s: \(condition)")
        let block = try #require(shop.source.history(of: 0, projection: plan.projectionForValidity))
        return LiveEvaluator(plan: plan).memberSince(["s"], of: block, at: Shop.now, mostSteps: mostSteps)["s"]
    }

    private func ago(_ milliseconds: Int64) -> MembershipStart { .at(Shop.now.adding(milliseconds: -milliseconds)) }

    @Test func `a membership begins with the event or at the instant that makes it true`() throws {
        var shop = Shop()
        shop.track("A", 100 * Shop.day)
        shop.track("A", 40 * Shop.day)
        shop.track("B", 20 * Shop.day)
        #expect(try start("did \"A\"", of: shop) == ago(100 * Shop.day))
        #expect(try start("did \"B\" in last 60 days", of: shop) == ago(20 * Shop.day))
        #expect(try start("did \"A\" and did not \"A\" in last 30 days", of: shop) == ago(10 * Shop.day))
        #expect(try start("now - last(\"B\") > 3 days", of: shop) == ago(17 * Shop.day - 1))
        #expect(try start("did not \"C\"", of: shop) == ago(100 * Shop.day))
    }

    @Test func `an interrupted membership begins with its last stretch`() throws {
        var shop = Shop()
        for days in [100, 95, 50, 3] { shop.track("A", Int64(days) * Shop.day) }
        #expect(try start("did \"A\" in last 10 days", of: shop) == ago(3 * Shop.day))
        #expect(try start("did not \"A\" in last 1 day", of: shop) == ago(2 * Shop.day))
    }

    @Test func `who is no member, and a segment that ranks, have no start`() throws {
        var shop = Shop()
        shop.track("A", 5 * Shop.day)
        #expect(try start("did \"B\"", of: shop) == nil)
        #expect(try start("net_orders in top 100%", of: shop) == nil)
    }

    @Test func `a search that takes too long says how far it came`() throws {
        var shop = Shop()
        for day in 1...100 { shop.track("A", Int64(day) * Shop.day) }
        let start = try start("did \"A\"", of: shop, mostSteps: 50)
        #expect(start == .atOrBefore(Shop.now.adding(milliseconds: -30 * Shop.day)))
    }

    @Test(arguments: 0..<(isLongRun ? 1_000 : 60))
    func `the start is that of the reference's last change`(seed: Int) throws {
        let workspace = RandomHistories.make(seed: UInt64(seed))
        let program = randomProgram(seed: UInt64(seed))
        let plan = Plan(program, settings: workspace.settings)
        let segments = Set(plan.entries.filter { $0.isSegment && $0.ranks.isEmpty }.map(\.definition.name))
        let source = MemoryHistorySource(messages: workspace.messages, settings: workspace.settings)
        let reference = ReferenceEvaluator(
            program: program, settings: workspace.settings, messages: workspace.messages)
        for number in 0..<ProfileNumber(source.profileCount) {
            guard let block = source.history(of: number, projection: plan.projectionForValidity) else { continue }
            for now in workspace.instants {
                let starts = LiveEvaluator(plan: plan).memberSince(segments, of: block, at: now)
                for segment in segments {
                    let last = reference.changes(of: segment, profile: block.profileIDs[0], through: now).last
                    let expected = last.flatMap { $0.isMember ? MembershipStart.at($0.instant) : nil }
                    let text = program[segment].map { Printer.text(of: $0) } ?? ""
                    #expect(starts[segment] == expected, "\(text) as of \(now.iso8601)")
                }
            }
        }
    }
}
