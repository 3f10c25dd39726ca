import EventModel
import Synchronization

/// Shows progress on standard error while some work goes on; may be told from any thread.
final class ProgressPrinter: Sendable {
    private let meter: Locked<ProgressMeter>
    private let channel: Channel
    private let clock: any Clock

    init(_ label: String, unit: String?, on channel: Channel, clock: any Clock) {
        let medium: ProgressMeter.Medium = channel.width.map { .terminal(width: $0) } ?? .log
        meter = Locked(ProgressMeter(label: printable(label), unit: unit, medium: medium))
        self.channel = channel
        self.clock = clock
    }

    func show(done: Int, fraction: Double?) {
        let now = clock.now().milliseconds
        meter.withLock { meter in
            if let text = meter.update(done: done, fraction: fraction, at: now) { try? channel.write(text) }
        }
    }

    /// Clears the bar; call it before anything else is written.
    func clear() {
        meter.withLock { meter in
            if !meter.clearing.isEmpty { try? channel.write(meter.clearing) }
        }
    }
}
