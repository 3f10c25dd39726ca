package import EventModel

/// Something that takes long to compute: made in the background, kept, and renewed when it is old and somebody asks.
package actor KeptFigures<Figures: Sendable> {
    private let clock: any Clock
    private let make: @Sendable (Timestamp) async throws -> Figures
    private var kept: (figures: Figures, at: Timestamp)?
    private var isMaking = false
    private var hasFailed = false

    private static var freshMilliseconds: Int64 { 60_000 }

    /// - Parameter make: makes the figures as of an instant.
    package init(clock: any Clock, make: @escaping @Sendable (Timestamp) async throws -> Figures) {
        self.clock = clock
        self.make = make
    }

    /// What is there, perhaps a little old; nil when nothing is there within the patience.
    package func figures(patience: Duration) async -> Figures? {
        let now = clock.now()
        if kept.map({ now.milliseconds(since: $0.at) >= Self.freshMilliseconds }) ?? true { start(at: now) }
        let step = Duration.milliseconds(15)
        var waited = Duration.zero
        while kept == nil, waited < patience, !hasFailed {
            waited += step
            try? await Task.sleep(for: step)
        }
        return kept?.figures
    }

    private func start(at now: Timestamp) {
        guard !isMaking else { return }
        isMaking = true
        hasFailed = false
        let make = make
        Task(priority: .utility) {
            let made = try? await make(now)
            end(made, at: now)
        }
    }

    private func end(_ made: Figures?, at now: Timestamp) {
        isMaking = false
        if let made { kept = (made, now) } else { hasFailed = true }
    }
}
