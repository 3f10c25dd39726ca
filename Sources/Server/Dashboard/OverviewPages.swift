import Dashboard
import EventModel
import EventStore
import Hummingbird
import SegmentEngine
import SegmentLanguage

/// `/`: how the store does.
struct OverviewPages: Sendable {
    let sources: DashboardSources
    private let figures: KeptFigures<OverviewFigures>

    init(sources: DashboardSources) {
        self.sources = sources
        figures = KeptFigures(clock: sources.segments.clock) { [store = sources.store] now in
            try await OverviewFigures.make(store, at: now)
        }
    }

    func add(to routes: inout Routes) {
        let home = RouteDescription("The start page.", access: .ownPage, answer: nil)
        routes.get("/", home) { _, context in
            let found = await figures.figures(patience: DashboardSources.patience)
            let (entries, _) = try sources.entries()
            let view = OverviewView(
                viewer: try context.viewer(), name: sources.name, figures: found,
                bases: ReadySegments.baseSegments.compactMap { name in
                    entries.first { $0.definition.name == Text(name) }
                },
                messages: Int(clamping: try sources.store.counters().stored), zone: sources.zone,
                currency: sources.currency)
            return Page(view.shell).response
        }
    }
}
