import Dispatch
import EventStore
import GRDB
import Synchronization

extension Memberships {
    /// How long a saved state may be old while there is something new, s.
    private static let secondsBetweenSaves = 60.0

    /// Begins to save the state when it is time, so that a start after a kill has little to decide again. On the queue.
    ///
    /// It is written in many short transactions, between which others have their turn: with a million profiles it takes a
    /// third of a second in all.
    func saveNowAndThen() throws {
        let isDue = schedule.withLock { schedule in
            let age = Double(DispatchTime.now().uptimeNanoseconds - schedule.lastSave.uptimeNanoseconds) / 1e9
            guard age > Self.secondsBetweenSaves else { return false }
            schedule.lastSave = .now()
            return true
        }
        guard isDue, let state = try takeState() else { return }
        let generation = try database.read(SavedState.nextGeneration)
        let ticket = saving.withLock { saving in
            saving += 1
            return saving
        }
        goOnSaving(state.steps(generation: generation)[...], ticket)
    }

    private func goOnSaving(_ steps: ArraySlice<(Database) throws -> Bool>, _ ticket: UInt64) {
        guard let step = steps.first else { return }
        // Sent once, to the one queue that these steps are run on.
        nonisolated(unsafe) let remaining = steps
        nonisolated(unsafe) let next = step
        queue.async { [weak self] in
            guard let self, !self.schedule.withLock({ $0.isClosed }), self.saving.withLock({ $0 == ticket }),
                let mustRepeat = try? self.working({ _ in try self.database.write(next) })
            else { return }
            self.goOnSaving(mustRepeat ? remaining : remaining.dropFirst(), ticket)
        }
    }

    /// Sees to it that no state is saved step by step any longer, since another one is saved at once. On the queue.
    func stopSaving() { saving.withLock { $0 += 1 } }

    /// What is to be saved, as of a step over the newest view.
    private func takeState() throws -> SavedState? {
        // Identities must be those of the mark, so it is the mark of a step over the same view.
        guard let snapshot = try step() else { return nil }
        return try working { tracking in SavedState(tracking, snapshot) }
    }

    /// Saves the state at once. On the queue.
    func save() throws {
        guard let state = try takeState() else { return }
        stopSaving()
        _ = try working { _ in try database.write { try state.write($0) } }
    }
}
