import EventModel
import EventStore
import TestSupport

/// A store that takes random messages in random portions: appended, imported, sealed and merged in between.
final class RandomStore {
    private let directory: TemporaryDirectory
    private let store: EventStore
    private var random: SeededRandom

    init(seed: UInt64) throws {
        directory = try TemporaryDirectory()
        random = SeededRandom(seed: seed ^ 0x5105_70CE)
        var options = EventStore.Options()
        options.maintenance = .none
        options.rowsPerBlock = 1 + random.int(below: 30)
        store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options)
    }

    deinit { try? store.close() }

    /// All messages of a workspace, in their order of arrival.
    func snapshot(of workspace: RandomCase) throws -> any HistorySource {
        try store.update { settings in
            settings.zone = workspace.settings.zone
            settings.baseCurrency = workspace.settings.baseCurrency
            settings.consentPurposeByChannel = workspace.settings.consentPurposeByChannel
        }
        try store.addProducts(workspace.products)
        var rest = workspace.messages[...]
        while !rest.isEmpty {
            let portion = Array(rest.prefix(1 + random.int(below: 12)))
            rest = rest.dropFirst(portion.count)
            if random.chance(0.4) {
                let writer = store.bulkWriter()
                for message in portion { try writer.add(message, source: "test") }
                _ = try writer.finish()
            } else {
                _ = try store.append(portion, source: "test")
            }
            if random.chance(0.3) { try store.seal() }
            if random.chance(0.2) { try store.compactIfNeeded(minimumParts: 2) }
        }
        return try store.snapshot()
    }
}
