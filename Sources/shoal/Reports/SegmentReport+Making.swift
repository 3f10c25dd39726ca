import Columns
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

extension SegmentReport {
    /// The steps of the plot, in days before the instant; the last but one serves "came in" and "left".
    private static let historyDays = stride(from: 360, to: 0, by: -30)
    private static let sampleSize = 10

    init(_ segment: Definition, in workspace: Workspace, asOf: Timestamp, _ console: Console) async throws {
        let program = workspace.library.program
        let bases = ReadySegments.baseSegments.map { Text($0) }.filter { $0 != segment.name && program[$0] != nil }
        let metrics = program.metrics
        let own: [OwnMetric] = [.netOrders, .netRevenue, .email]
        let evaluation = Evaluation(workspace, [segment.name] + bases + metrics.map(\.name), and: own, console)
        let past = Self.historyDays.map { asOf.adding(milliseconds: -Int64($0) * Timestamp.millisecondsPerDay) }
        var history: [BatchResult] = []
        for (index, instant) in past.enumerated() {
            history.append(
                try await evaluation.run(at: instant, only: [segment.name], step: index, of: past.count + 1))
        }
        let now = try await evaluation.run(at: asOf, step: past.count, of: past.count + 1)
        evaluation.end()
        let members = now.members[segment.name] ?? Bitmap()
        let place = workspace.library.places[segment.name]
        self.init(
            row: BoardReport.Row(segment, now, Array(history.suffix(1)), at: place),
            asOf: asOf, zone: workspace.zone, currency: workspace.settings.baseCurrency?.string,
            profileCount: now.population.count, totalRevenue: now.total(of: .netRevenue, among: now.population),
            comments: place?.comments ?? [], definition: Printer.text(of: segment),
            history: zip(past, history).map { ($0, $1.members[segment.name]?.count ?? 0) } + [(asOf, members.count)],
            metrics: metrics.compactMap { MetricRow($0, now, members) },
            overlaps: bases.map { base in
                let others = now.members[base] ?? Bitmap()
                return (base.string, members.intersectionCount(others), others.count)
            },
            members: Self.sample(of: members, now))
    }

    private static func sample(of members: Bitmap, _ result: BatchResult) -> [Member] {
        let profiles = members.map { number in
            let profile = ProfileNumber(number)
            return Member(id: result.id(of: profile).string, profile, result)
        }
        return profiles.sorted { ($1.revenue, $0.id) < ($0.revenue, $1.id) }.prefix(sampleSize).map(\.self)
    }
}

extension SegmentReport.Member {
    fileprivate init(id: String, _ profile: ProfileNumber, _ result: BatchResult) {
        self.init(
            id: id, email: result.text(of: .email, profile), orders: result.number(of: .netOrders, profile) ?? .zero,
            revenue: result.number(of: .netRevenue, profile) ?? .zero)
    }
}

extension SegmentReport.MetricRow {
    /// Nil for metrics without a number and without a duration: averages of times and texts say nothing.
    fileprivate init?(_ metric: Definition, _ result: BatchResult, _ members: Bitmap) {
        var all = Decimal128.ExactSum()
        var own = Decimal128.ExactSum()
        var isDuration = false
        for (profile, value) in result.metrics[metric.name] ?? [:] {
            let amount: Decimal128
            switch value {
            case .number(let number): amount = number
            case .duration(let milliseconds):
                amount = milliseconds.divided(by: 1000) ?? 0
                isDuration = true
            default: continue
            }
            all.add(amount)
            if members.contains(Int(profile)) { own.add(amount) }
        }
        guard all.count > 0 else { return nil }
        self.init(
            name: metric.name.string, title: metric.title?.string, members: own.count > 0 ? own.average() : nil,
            everybody: all.average(), isDuration: isDuration)
    }
}
