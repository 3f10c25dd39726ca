import Analytics
import Columns
import EventModel
import EventStore
import ReferenceEvaluation
import SegmentEngine
import SegmentLanguage
import TestSupport
import Testing

@Suite struct RFMTests {
    private static let definitions = """
        segment shoppers: did any of ("Order Completed", "Product Viewed")
        metric latest: last("Order Completed")
        metric often: count("Order Completed")
        metric much: sum(revenue of "Order Completed")
        """

    static func measures() throws -> RFMMeasures {
        let (program, diagnostics) = Binder.bind([Parser.parse(definitions)], zone: .utc)
        try #require(!diagnostics.hasErrors)
        return RFMMeasures(program, recency: "latest", frequency: "often", monetary: "much", of: "shoppers")
    }

    /// What is known of a profile, found by plain loops; nil: it has no such number.
    private struct Facts {
        var latest: Decimal128?
        var often = 0
        var much = ExactSum()
    }

    private func facts(_ twin: Twin) -> [Text: Facts] {
        var facts: [Text: Facts] = [:]
        for event in twin.events where ["Order Completed", "Product Viewed"].contains(event.name) {
            facts[event.profile, default: Facts()].often += event.name == "Order Completed" ? 1 : 0
            guard event.name == "Order Completed" else { continue }
            facts[event.profile, default: Facts()].latest = Decimal128(Int(event.time.milliseconds))
            if let amount = event.properties["revenue"]?.numeric {
                facts[event.profile, default: Facts()].much.add(amount)
            }
        }
        return facts
    }

    /// Floor(5 i / n) + 1 in the order of the values, of equal ones the largest id first.
    private func scores(_ values: [(id: Text, value: Decimal128)]) -> [Text: Int] {
        let sorted = values.sorted { $0.value != $1.value ? $0.value < $1.value : $0.id > $1.id }
        return sorted.enumerated().reduce(into: [:]) { $0[$1.element.id] = 5 * $1.offset / sorted.count + 1 }
    }

    /// By cell its profiles.
    private func cells(_ facts: [Text: Facts]) -> [String: Set<Text>] {
        let recency = scores(facts.compactMap { id, facts in facts.latest.map { (id, $0) } })
        let frequency = scores(facts.map { ($0, Decimal128($1.often)) })
        let monetary = scores(facts.compactMap { id, facts in facts.much.value().map { (id, $0) } })
        return facts.keys.reduce(into: [:]) { cells, id in
            guard let r = recency[id], let f = frequency[id], let m = monetary[id] else { return }
            cells["\(r)\(f)\(m)", default: []].insert(id)
        }
    }

    @Test(arguments: 0..<(isLongRun ? 40 : 6))
    func `cells are what sorting the shoppers by hand gives, and their definitions hold the same ones`(
        batch: UInt64
    ) async throws {
        for seed in batch * 30..<(batch + 1) * 30 {
            let workspace = RandomHistories.make(seed: seed)
            let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
            let histories = try Histories(workspace, inStore: seed % 5 == 0)
            let query = RFMQuery(try Self.measures(), groups: ["shoppers"])
            let answer = try await query.answer(from: ReportInput(histories.source, at: now))
            let facts = facts(Twin(workspace, at: now))
            let expected = cells(facts)
            #expect(
                answer.cells.reduce(into: [:]) { $0[$1.name] = $1.profiles } == expected.mapValues(\.count),
                "seed \(seed)")
            #expect(answer.profiles + answer.unscored == facts.count, "seed \(seed)")
            for cell in answer.cells {
                var sum = ExactSum()
                for id in expected[cell.name] ?? [] { sum.add(facts[id]?.much.value() ?? 0) }
                #expect(cell.revenue == sum.value(), "seed \(seed) cell \(cell.name)")
            }
            #expect(answer.groups.map(\.profiles) == [answer.profiles], "seed \(seed)")
            try checkMembers(of: answer, query, expected, workspace, now)
            try checkScores(answer, facts, Set(expected.values.joined()))
        }
    }

    /// The text of each definition, parsed anew, selects exactly the members of its cell.
    private func checkMembers(
        of answer: RFMQuery.Answer, _ query: RFMQuery, _ expected: [String: Set<Text>], _ workspace: RandomCase,
        _ now: Timestamp
    ) throws {
        var texts = [Self.definitions]
        for cell in answer.cells {
            texts.append(
                Printer.text(
                    of: query.definitions(
                        recency: cell.recency, frequency: cell.frequency, monetary: cell.monetary,
                        named: Text("cell_\(cell.name)"))))
        }
        texts.append(Printer.text(of: query.definitions(recency: 5, frequency: 5, named: "best")))
        let (program, diagnostics) = Binder.bind(texts.map { Parser.parse($0) }, zone: workspace.settings.zone)
        #expect(!diagnostics.hasErrors, "\(diagnostics.map(\.message))")
        let segments = ReferenceEvaluator(
            program: program, settings: workspace.settings, messages: workspace.messages
        ).segments(at: now)
        for cell in answer.cells {
            #expect(segments[Text("cell_\(cell.name)")] == expected[cell.name], "seed \(workspace.seed) \(cell.name)")
        }
        let best = Set(expected.filter { $0.key.hasPrefix("55") }.values.joined())
        #expect(segments["best"] == best, "seed \(workspace.seed)")
    }

    private func checkScores(_ answer: RFMQuery.Answer, _ facts: [Text: Facts], _ scored: Set<Text>) throws {
        let often = answer.scores.filter { $0.measure == .frequency }
        let values = scored.compactMap { facts[$0]?.often }.sorted()
        #expect(often.reduce(0) { $0 + $1.profiles } == values.count)
        #expect(often.first?.lowest == values.first.map { .number(Decimal128($0)) })
        #expect(often.last?.highest == values.last.map { .number(Decimal128($0)) })
    }

    @Test func `only the members asked about stand in the grid, with the scores they have among all`() async throws {
        let histories = try Histories(RandomHistories.make(seed: 12))
        let query = RFMQuery(try Self.measures())
        let all = try await query.answer(from: ReportInput(histories.source, at: .latest))
        var cells: [String: Int] = [:]
        for number in 0..<histories.source.profileCount {
            var members = Bitmap()
            members.insert(number)
            let one = ReportInput(histories.source, at: .latest, among: members)
            for cell in try await query.answer(from: one).cells { cells[cell.name, default: 0] += cell.profiles }
        }
        #expect(cells == all.cells.reduce(into: [:]) { $0[$1.name] = $1.profiles })
        #expect(all.profiles > 1)
    }
}

/// The anchors of the RFM grid over the Complete Journey.
@Suite(.serialized, .enabled(if: CompleteJourney.isThere, "the shared folder is absent")) struct RFMAnchorTests {
    private static func answer() async throws -> (RFMQuery, RFMQuery.Answer, Snapshot, Timestamp) {
        let snapshot = try await CompleteJourney.shared.snapshot()
        // The last millisecond of the day: what is dated 1 January is not there yet.
        let now = try #require(Timestamp(iso8601: "2017-12-31T23:59:59.999Z", zone: .utc))
        let query = RFMQuery(.byDay(zone: .utc))
        return (query, try await query.answer(from: ReportInput(snapshot, at: now)), snapshot, now)
    }

    @Test func `sizes, quintiles and revenue of the cells are those of the anchor`() async throws {
        let anchor = try anchor("cj_rfm_2017-12-31.json")
        let (_, answer, _, _) = try await Self.answer()
        #expect(answer.profiles == anchor["n_households"]?.whole)
        #expect(answer.unscored == 0)
        #expect(answer.revenue?.description == "4594146.32")
        let cells = try #require(anchor["cells"]?.object)
        #expect(answer.cells.count == anchor["n_cells"]?.whole)
        for cell in answer.cells { #expect(cells[Text(cell.name)]?.whole == cell.profiles, "cell \(cell.name)") }
        let asOf = try #require(Timestamp(iso8601: "2017-12-31", zone: .utc))
        for score in answer.scores {
            let name: Text = score.measure == .recency ? "R" : score.measure == .frequency ? "F" : "M"
            let wanted = try #require(anchor["quintiles"]?[name]?[Text("\(score.score)")])
            let found = [score.lowest, score.highest, score.average].map { value -> Double in
                switch value {
                case .number(let number): number.approximate
                case .time(let time): Double(asOf.milliseconds(since: time)) / 86_400_000
                default: .nan
                }
            }
            let isRecency = score.measure == .recency
            #expect(score.profiles == wanted["n"]?.whole)
            #expect(found[isRecency ? 1 : 0] == wanted["min"]?.approximate, "\(name)\(score.score)")
            #expect(found[isRecency ? 0 : 1] == wanted["max"]?.approximate, "\(name)\(score.score)")
            #expect(abs(found[2] - (wanted["mean"]?.approximate ?? .nan)) < 1e-7, "\(name)\(score.score)")
        }
        for (r, row) in try #require(anchor["RF_counts"]?.elements).enumerated() {
            for (f, wanted) in try #require(row.elements).enumerated() {
                let count = answer.cells.filter { $0.recency == r + 1 && $0.frequency == f + 1 }
                    .reduce(0) { $0 + $1.profiles }
                #expect(count == wanted.whole)
            }
        }
    }

    @Test func `the anchor's segments are sums of cells`() async throws {
        let anchor = try anchor("cj_rfm_2017-12-31.json")
        let (_, answer, _, _) = try await Self.answer()
        var sizes: [Text: Int] = [:]
        var sums: [Text: ExactSum] = [:]
        for cell in answer.cells {
            let name = Self.segment(cell)
            sizes[name, default: 0] += cell.profiles
            sums[name, default: ExactSum()].add(try #require(cell.revenue))
        }
        let all = try #require(answer.revenue).approximate
        for member in try #require(anchor["segments"]?.object).members {
            #expect(sizes[member.key] == member.value["n"]?.whole, "\(member.key)")
            let share = try #require(sums[member.key]?.value()).approximate / all
            #expect(abs(share - (member.value["spend_share"]?.approximate ?? .nan)) < 1e-9, "\(member.key)")
        }
    }

    /// The anchor's `segment_rule`.
    private static func segment(_ cell: RFMQuery.Cell) -> Text {
        switch (cell.recency, cell.frequency, cell.monetary) {
        case (4..., 4..., 4...): "champions"
        case (3..., 4..., _): "loyal"
        case (4..., 2...3, _): "potential_loyal"
        case (4..., 1, _): "new"
        case (...2, 3..., _): "at_risk"
        case (3, 2..., _): "need_attention"
        case (...2, ...2, _): "hibernating"
        default: "others"
        }
    }

    @Test func `the sample households are in the cells that the anchor has them in`() async throws {
        let anchor = try anchor("cj_rfm_2017-12-31.json")
        let (query, answer, snapshot, now) = try await Self.answer()
        let definitions = answer.cells.compactMap { cell in
            query.definitions(
                recency: cell.recency, frequency: cell.frequency, monetary: cell.monetary,
                named: Text("cell_\(cell.name)")
            ).last
        }
        let text = Printer.text(of: query.measures.own + definitions)
        let (program, diagnostics) = Binder.bind([Parser.parse(text)], zone: .utc)
        #expect(!diagnostics.hasErrors)
        let plan = Plan(program, settings: snapshot.settings)
        let result = try await BatchEvaluator(plan: plan, source: snapshot).evaluate(at: now)
        for cell in answer.cells {
            #expect(result.members[Text("cell_\(cell.name)")]?.count == cell.profiles, "cell \(cell.name)")
        }
        let households = try #require(anchor["households"]?.elements)
        #expect(households.count > 5)
        for household in households {
            let id = CompleteJourney.profile(try #require(household["id"]?.whole))
            let score = try #require(household["score"]?.text)
            let ids = try #require(result.ids(of: Text("cell_\(score)")))
            #expect(ids.contains(id), "household \(household)")
            let number = try #require(snapshot.profileNumber(for: id))
            let wanted = try #require(household["monetary"]?.decimal)
            #expect(result.metrics["rfm_revenue"]?[number] == .number(wanted), "household \(household)")
        }
    }
}
