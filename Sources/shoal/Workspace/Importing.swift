import ArgumentParser
import Connectors
import EventModel
import EventStore
import SegmentEngine

/// Imports files into a data directory, which it makes at first use.
struct Importing {
    let dataPath: String
    var options: ImportOptions
    let console: Console

    /// Finds out what the files are, all of them before anything is stored.
    func plans(for files: [String]) throws -> [ImportPlan] {
        let settings = try existingSettings() ?? newSettings
        let importer = Importer(options: options, settings: settings, clock: Shoal.clock)
        return try files.map { try importer.plan($0) }
    }

    private var newSettings: WorkspaceSettings { WorkspaceSettings(zone: options.zone ?? .utc) }

    /// The settings of the store; nil when there is none, or none that was set up to the end.
    private func existingSettings() throws -> WorkspaceSettings? {
        guard LocalFiles.exists(dataPath + "/shoal.db") else { return nil }
        do throws(EventStoreError) {
            let store = try EventStore.open(directory: dataPath, clock: Shoal.clock)
            defer { try? store.close() }
            return try store.hasSettings() ? store.settings : nil
        } catch .noStore {
            return nil
        }
    }

    /// Imports what was planned, file by file, until one breaks off or the person interrupts.
    func run(_ plans: [ImportPlan], report: (ImportReport) throws -> Void) async throws -> [ImportReport] {
        let store = try openStore()
        Interruption.listen()
        store.stopMerging { Interruption.isRequested }
        var reports: [ImportReport] = []
        for (index, plan) in plans.enumerated() {
            let summary = try await importFile(plan, number: index, into: store)
            let done = ImportReport(summary: summary)
            try report(done)
            reports.append(done)
            if done.outcomeError != nil || done.isInterrupted { break }
        }
        if !reports.contains(where: \.isInterrupted) { try await refreshFigures(from: store) }
        try store.close()
        return reports
    }

    /// Brings the store's own figures up to date with its orders.
    private func refreshFigures(from store: EventStore) async throws {
        let figures = StoreFigures(folder: Workspace.definitionFolder(in: dataPath))
        let (gap, file) = try await figures.refresh(from: store)
        guard let file else { return }
        let origin =
            gap.repeatBuyers == 0
            ? "until somebody has ordered on two days" : "by \(counted(gap.repeatBuyers, "repeat buyer"))"
        console.note("typical time between orders: \(gap.text), \(origin); it stands in segments/\(file)\n")
    }

    private func importFile(_ plan: ImportPlan, number: Int, into store: EventStore) async throws -> ImportSummary {
        let progress = ProgressPrinter(fileName(of: plan.path), unit: "rows", on: console.notes, clock: Shoal.clock)
        var options = options
        options.rejectsPath =
            "\(dataPath)/rejects/\(number == 0 ? "" : "\(number + 1)-")\(fileName(of: plan.path)).jsonl"
        options.isCancelled = { Interruption.isRequested }
        options.progress = { now in
            switch now.stage {
            case .reading:
                let share = now.bytesTotal > 0 ? Double(now.bytesDone) / Double(now.bytesTotal) : 0
                progress.show(done: now.rows, fraction: share * 0.999)
            case .storing:
                let share = now.rows > 0 ? Double(now.rowsStored) / Double(now.rows) : 1
                progress.show(done: now.rows, fraction: max(share, 0.001))
            }
        }
        defer { progress.clear() }
        let importer = Importer(options: options, settings: store.settings, clock: Shoal.clock)
        return try await importer.run(plan, into: Shoal.messageSink(of: store))
    }

    /// Opens the store; a new one gets its zone and the ready segments, as files to read and change.
    private func openStore() throws -> EventStore {
        if !LocalFiles.exists(dataPath) { try LocalFiles.makeFolder(dataPath) }
        let store = try EventStore.open(directory: dataPath, mode: .createIfMissing, clock: Shoal.clock)
        if try !store.hasSettings() {
            try store.update { $0.zone = options.zone ?? $0.zone }
            console.note("new data directory \(dataPath), zone \(store.settings.zone.identifier)\n")
        } else if let zone = options.zone, zone != store.settings.zone {
            console.note(
                """
                note: --zone says how to read times in these files; the workspace's own zone stays \
                \(store.settings.zone.identifier), which days and windows go by
                  to change that, import all files into a new directory: --data NEW --zone \(zone.identifier)

                """)
        }
        try ReadySegments.write(into: Workspace.definitionFolder(in: dataPath))
        return store
    }

    /// Says what to do next, or ends with what went wrong.
    func end(_ reports: [ImportReport]) throws {
        if let failure = reports.compactMap(\.outcomeError).first { throw failure }
        if reports.contains(where: \.isInterrupted) {
            console.note("interrupted: what was taken so far is stored; the same command again goes on from there\n")
            throw ExitCode(130)
        }
        console.note("next: shoal segments\(dataPath == "shoal-data" ? "" : " --data \(dataPath)")\n")
    }

    private func fileName(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}

extension ReadySegments {
    /// Writes the library as files, unless there are definitions already.
    ///
    /// All of them or none: they are written to a folder beside it, which then takes the place of the empty one.
    static func write(into folder: String) throws(CommandError) {
        guard LocalFiles.files(below: folder, ending: ".shoal").isEmpty else { return }
        let draft = folder + ".new"
        try LocalFiles.makeFolder(draft)
        for file in files { try LocalFiles.write(file.text, to: draft + "/" + file.name) }
        try LocalFiles.move(folder: draft, to: folder)
    }
}
