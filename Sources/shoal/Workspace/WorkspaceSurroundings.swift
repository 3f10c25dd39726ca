import EventModel
import SegmentLanguage

/// What a definition file meets in the workspace it is meant for.
struct WorkspaceSurroundings: Sendable {
    let zone: Zone
    /// Event, property and trait names the data has.
    let names: WorkspaceNames?
    private let sources: [DefinitionSource]

    init(sources: [DefinitionSource], names: WorkspaceNames?, zone: Zone) {
        self.sources = sources
        self.names = names
        self.zone = zone
    }

    /// The workspace's own files, without definitions of these names: they are about to be replaced.
    func files(without replaced: Set<Text>) -> [ParsedFile] {
        sources.map { source in
            var file = source.parsed
            file.definitions.removeAll { replaced.contains($0.name) }
            file.broken.removeAll { replaced.contains($0.name) }
            return file
        }
    }
}
