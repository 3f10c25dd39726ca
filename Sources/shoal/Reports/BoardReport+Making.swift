import Columns
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

extension BoardReport {
    /// The steps of the sparkline: every five days of the last thirty.
    private static let trendDays = [30, 25, 20, 15, 10, 5]

    init(
        _ workspace: Workspace, asOf: Timestamp, hasTrend: Bool, sort: Segments.Board.Order, _ console: Console
    ) async throws {
        let own: [OwnMetric] = [.netOrders, .netRevenue]
        let segments = workspace.library.program.segments
        let names = segments.map(\.name)
        let evaluation = Evaluation(workspace, names, and: own, console)
        let past =
            hasTrend ? Self.trendDays.map { asOf.adding(milliseconds: -Int64($0) * Timestamp.millisecondsPerDay) } : []
        var history: [BatchResult] = []
        for (index, instant) in past.enumerated() {
            history.append(try await evaluation.run(at: instant, only: names, step: index, of: past.count + 1))
        }
        let now = try await evaluation.run(at: asOf, step: past.count, of: past.count + 1)
        evaluation.end()
        let places = workspace.library.places
        let rows = segments.map { segment in
            Row(segment, now, history, at: places[segment.name])
        }
        self.init(
            asOf: asOf, zone: workspace.zone, currency: workspace.settings.baseCurrency?.string,
            profileCount: now.population.count, trendInstants: past + (past.isEmpty ? [] : [asOf]),
            rows: Self.sorted(rows, by: sort, places: places), broken: workspace.library.broken)
    }

    private static func sorted(_ rows: [Row], by order: Segments.Board.Order, places: [Text: DefinitionPlace]) -> [Row]
    {
        func place(_ row: Row) -> DefinitionPlace.Order { places[Text(row.name)]?.order ?? .last }
        switch order {
        case .file: return rows.sorted { place($0) < place($1) }
        case .name: return rows.sorted { $0.name < $1.name }
        case .size: return rows.sorted { ($1.size, $0.name) < ($0.size, $1.name) }
        case .revenue: return rows.sorted { ($1.revenue, $0.name) < ($0.revenue, $1.name) }
        }
    }
}

extension BoardReport.Row {
    init(_ segment: Definition, _ now: BatchResult, _ history: [BatchResult], at place: DefinitionPlace?) {
        let members = now.members[segment.name] ?? Bitmap()
        let before = history.first.map { $0.members[segment.name] ?? Bitmap() }
        let staying = before.map { members.intersectionCount($0) }
        self.init(
            name: segment.name.string, title: segment.title?.string, file: place?.path ?? "",
            isHelper: place?.isHelper ?? false, size: members.count,
            orders: now.total(of: .netOrders, among: members), revenue: now.total(of: .netRevenue, among: members),
            trend: history.isEmpty ? [] : history.map { $0.members[segment.name]?.count ?? 0 } + [members.count],
            entered: staying.map { members.count - $0 },
            left: before.flatMap { before in staying.map { before.count - $0 } })
    }
}
