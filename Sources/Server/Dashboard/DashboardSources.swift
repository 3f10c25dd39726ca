import Columns
import Dashboard
import EventModel
import EventStore
import Hummingbird
import Membership
import SegmentEngine
import SegmentLanguage

/// What the pages of the dashboard are made from.
struct DashboardSources: Sendable {
    let segments: LiveSegments
    let figures: SegmentFigures
    let preferences: Preferences

    init(segments: LiveSegments, preferences: Preferences) {
        self.segments = segments
        self.preferences = preferences
        figures = SegmentFigures(store: segments.store, memberships: segments.memberships, clock: segments.clock)
    }

    var store: EventStore { segments.store }
    var zone: Zone { store.settings.zone }
    var currency: String? { store.settings.baseCurrency?.string }

    /// What the workspace is called.
    var name: String { preferences.workspaceName ?? usualName }

    /// As its data directory is, when nobody says otherwise.
    var usualName: String { store.directory.split(separator: "/").last.map(String.init) ?? "Shoal" }

    /// A page waits so long for figures that are being computed; after that it shows what there is.
    static let patience = Duration.milliseconds(900)

    /// All segments with their members, and what is wrong with definitions that are left out.
    func entries() throws -> (entries: [SegmentBoard.Entry], problems: [DefinitionProblem]) {
        let set = try segments.definitions.read()
        let entries = set.program.segments.map { definition in
            SegmentBoard.Entry(
                definition: definition, note: set.notes[definition.name],
                members: try? segments.memberships.membership(of: definition.name).members)
        }
        return (entries, set.problems)
    }

    /// How many profiles there are.
    func profiles(_ figures: BoardFigures?) throws -> Int {
        if let figures { return figures.people.population.count }
        return try store.snapshot().countProfiles()
    }

    /// The name of a segment in a path.
    static func name(_ context: ServerContext) throws -> Text { try context.pathText("name") }
}
