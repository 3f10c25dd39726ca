import Analytics
import Columns
import EventModel
import EventStore
import ReferenceEvaluation
import SegmentEngine
import SegmentLanguage
import TestSupport
import Testing

@Suite struct FunnelTests {
    private static let steps = [
        "\"Product Viewed\"", "\"Product Added\"", "\"Order Completed\"", "\"A\"", "\"B\"", "\"Page Viewed\"",
        "any of (\"A\", \"B\")", "any event", "events like \"Product *\"", "\"Order Completed\" where revenue > 10",
        "\"Product Viewed\" where category = \"shoes\"", "visit",
    ]
    private static let lengths = ["0 seconds", "1 second", "30 minutes", "1 day", "7 days", "90 days", "1 year"]
    private static let windows = [
        "", "", "", " in last 7 days", " from 2026-01-01 to 2026-03-20", " before 2026-03-10",
    ]

    /// Every number of a funnel is the size of a segment, as the reference evaluator finds it message by message.
    @Test(arguments: 0..<(isLongRun ? 40 : 8))
    func `as many reach a step as the reference evaluator finds in its sequence`(batch: UInt64) async throws {
        for seed in batch * 50..<(batch + 1) * 50 {
            let workspace = RandomHistories.make(seed: seed)
            let query = try Self.query(seed: seed)
            let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
            let histories = try Histories(workspace, inStore: seed % 5 == 0)
            let answer = try await query.answer(from: ReportInput(histories.source, at: now))
            let reference = Self.reference(query, workspace).segments(at: now)
            let expected = query.steps.indices.map { reference[Text("step\($0)")]?.count ?? 0 }
            #expect(answer.reached == expected, "seed \(seed) \(query.steps.map { Printer.text(of: $0) })")
            for step in query.steps.indices.dropLast() {
                let lost = reference[Text("lost\(step)")]?.count
                #expect(lost == answer.reached[step] - answer.reached[step + 1], "seed \(seed) step \(step)")
            }
        }
    }

    private static func query(seed: UInt64) throws -> FunnelQuery {
        var random = SeededRandom(seed: seed ^ 0xF0_77E1)
        let count = 1 + random.int(below: 4)
        let steps = try (0..<count).map { index in
            let window = index == 0 ? windows[random.int(below: windows.count)] : ""
            return try EventQuery(parsing: Self.steps[random.int(below: Self.steps.count)] + window)
        }
        let length = lengths[random.int(below: lengths.count)].split(separator: " ")
        let unit = DurationLiteral.Unit(rawValue: length[1].hasSuffix("s") ? String(length[1]) : length[1] + "s")
        let amount = Decimal128(jsonNumber: Text(String(length[0])))
        let within = try #require(amount.flatMap { amount in unit.flatMap { DurationLiteral(amount, $0) } })
        return FunnelQuery(steps: steps, within: within)
    }

    private static func reference(_ query: FunnelQuery, _ workspace: RandomCase) -> ReferenceEvaluator {
        let reached = query.steps.indices.map { step in
            Definition(name: Text("step\(step)"), body: .segment(query.condition(reaching: step)))
        }
        let lost = query.steps.indices.compactMap { query.dropOff(after: $0, named: Text("lost\($0)")) }
        return ReferenceEvaluator(
            program: Program(inDependencyOrder: reached + lost), settings: workspace.settings,
            messages: workspace.messages)
    }

    /// Reached and drop-offs in any order and by group, as the reference evaluator finds them; times by plain loops.
    @Test(arguments: 0..<(isLongRun ? 40 : 8))
    func `groups, loose order and times are what plain loops and the reference evaluator find`(
        batch: UInt64
    ) async throws {
        for seed in batch * 40..<(batch + 1) * 40 {
            var random = SeededRandom(seed: seed ^ 0x6409)
            let workspace = RandomHistories.make(seed: seed)
            let plain = try Self.query(seed: seed)
            let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
            let histories = try Histories(workspace, inStore: seed % 5 == 0)
            let groups = Self.groups(try await Self.members(histories.source, now))
            let name: Text = random.pick(["category", "x", "coupon", "flag", "product_id"])
            let splits: [FunnelQuery.Split?] = [
                nil, .segments(groups), .property(PropertyPath(.properties, [name]), limit: 3),
                .property(PropertyPath(.items, ["category"]), limit: 2),
            ]
            let split = splits[random.int(below: splits.count)]
            let order: FunnelQuery.Order = random.chance(0.5) ? .loose : .ordered
            let query = FunnelQuery(
                steps: plain.steps, within: plain.within, order: order, by: split, wantsTimes: true)
            let answer = try await query.answer(from: ReportInput(histories.source, at: now))
            let label = "seed \(seed) \(order) \(query.steps.map { Printer.text(of: $0) }) \(answer.groups.map(\.kind))"
            let kinds = [nil] + answer.groups.map { Optional($0.kind) }
            let found = [answer.reached] + answer.groups.map(\.reached)
            let members = try Self.members(of: query, kinds, workspace, now)
            for (group, reached) in found.enumerated() {
                #expect(reached == members[group].reached.map(\.count), "\(label) group \(group)")
                for step in query.steps.indices.dropLast() {
                    let lost = members[group].reached[step].subtracting(members[group].reached[step + 1])
                    #expect(members[group].lost[step] == lost, "\(label) group \(group) step \(step)")
                }
            }
            #expect(answer.times == FunnelTwin(workspace, now, query).times, "\(label)")
        }
    }

    private static let segments = [("fans", "did \"Product Viewed\""), ("others", "did \"A\" or did \"B\"")]

    private static var segmentText: String { segments.map { "segment \($0.0): \($0.1)\n" }.joined() }

    private static func members(_ source: any HistorySource, _ now: Timestamp) async throws -> BatchResult {
        let (program, _) = Binder.bind([Parser.parse(segmentText)], zone: source.settings.zone)
        return try await BatchEvaluator(plan: Plan(program, settings: source.settings), source: source).evaluate(
            at: now)
    }

    private static func groups(_ result: BatchResult) -> [MemberGroup] {
        segments.map { MemberGroup(Text($0.0), result.members[Text($0.0)] ?? Bitmap()) }
    }

    /// By group and step: who reached it, and who the text of the drop-off says was lost after it.
    private static func members(
        of query: FunnelQuery, _ kinds: [FunnelQuery.Group.Kind?], _ workspace: RandomCase, _ now: Timestamp
    ) throws -> [(reached: [Set<Text>], lost: [Set<Text>])] {
        var definitions: [Definition] = []
        for (group, kind) in kinds.enumerated() {
            for step in query.steps.indices {
                definitions.append(
                    Definition(
                        name: Text("g\(group)_step\(step)"), body: .segment(query.condition(reaching: step, in: kind))))
                if let lost = query.dropOff(after: step, in: kind, named: Text("g\(group)_lost\(step)")) {
                    definitions.append(lost)
                }
            }
        }
        let text = segmentText + Printer.text(of: definitions)
        let (program, diagnostics) = Binder.bind([Parser.parse(text)], zone: workspace.settings.zone)
        try #require(!diagnostics.hasErrors, "\(diagnostics.map(\.message)) \(text)")
        let found = ReferenceEvaluator(
            program: program, settings: workspace.settings, messages: workspace.messages
        ).segments(at: now)
        return kinds.indices.map { group in
            (
                query.steps.indices.map { found[Text("g\(group)_step\($0)")] ?? [] },
                query.steps.indices.dropLast().map { found[Text("g\(group)_lost\($0)")] ?? [] }
            )
        }
    }

    @Test func `only the profiles asked about are counted`() async throws {
        let histories = try Histories(RandomHistories.make(seed: 12))
        let source = histories.source
        let query = FunnelQuery(
            steps: [try EventQuery(parsing: "any event")], within: try #require(DurationLiteral(1, .days)))
        let now = Timestamp.latest
        let all = try await query.answer(from: ReportInput(histories.source, at: now)).reached[0]
        var sum = 0
        for number in 0..<source.profileCount {
            var members = Bitmap()
            members.insert(number)
            let one = ReportInput(source, at: now, among: members)
            sum += try await query.answer(from: one).reached[0]
        }
        #expect(sum == all)
        #expect(all > 1)
    }

    @Test func `a cancelled report ends with an error`() async throws {
        let source = try Histories(RandomHistories.make(seed: 12)).source
        let query = FunnelQuery(
            steps: [try EventQuery(parsing: "any event")], within: try #require(DurationLiteral(1, .days)))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await query.answer(from: ReportInput(source, at: .latest))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
