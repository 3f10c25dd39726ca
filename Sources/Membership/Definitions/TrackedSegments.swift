import Crypto
import EventModel
import SegmentEngine
import SegmentLanguage

/// The segments of a program, compiled for deciding who is in them.
struct TrackedSegments: Sendable {
    struct Segment: Hashable, Sendable {
        let name: Text
        let text: Text
        /// Another one means that the members may be others.
        let fingerprint: [UInt8]
    }

    let program: Program
    let plan: Plan
    /// In dependency order.
    private(set) var segments: [Segment]

    /// Counted up when the engine's answers change without a change of a definition.
    private static let engineVersion = 1

    init(_ program: Program, settings: WorkspaceSettings) {
        self.program = program
        plan = Plan(program, settings: settings)
        let surroundings = Self.digest(of: settings)
        var digests: [Text: [UInt8]] = [:]
        var segments: [Segment] = []
        for definition in program.definitions {
            let text = Printer.text(of: definition)
            var hash = SHA256()
            hash.update(data: surroundings)
            hash.update(data: Array(text.utf8))
            for name in Set(definition.references().map(\.name)).sorted() {
                hash.update(data: Array("\n\(name.string)\n".utf8))
                hash.update(data: digests[name] ?? [])
            }
            let digest = Array(hash.finalize())
            digests[definition.name] = digest
            if definition.condition != nil {
                segments.append(Segment(name: definition.name, text: Text(text), fingerprint: digest))
            }
        }
        self.segments = segments
    }

    /// The same with fewer segments; the plan stays.
    func restricted(to names: Set<Text>) -> TrackedSegments {
        var fewer = self
        fewer.segments.removeAll { !names.contains($0.name) }
        return fewer
    }

    private static func digest(of settings: WorkspaceSettings) -> [UInt8] {
        var hash = SHA256()
        func add(_ text: String) { hash.update(data: Array("\(text.utf8.count) \(text)\n".utf8)) }
        add("\(engineVersion)")
        add(settings.zone.identifier)
        add(settings.baseCurrency?.string ?? "")
        for (channel, purpose) in settings.consentPurposeByChannel.sorted(by: { $0.key < $1.key }) {
            add(channel.string)
            add(purpose.string)
        }
        let products = settings.catalogue.all.map { JSONWriter.text(of: .object($0)) }
        for product in products.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { add(product) }
        return Array(hash.finalize())
    }
}
