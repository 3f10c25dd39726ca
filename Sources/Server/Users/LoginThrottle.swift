import EventModel
import Foundation
import HTTPTypes
import Synchronization

/// Slows down whoever tries passwords: for each account and for each address, the wait doubles with every failure.
///
/// Attempts count before they are tried, so that many at once are not taken for one. A wait ends by itself, and nobody is
/// locked out for good: an account waits a minute at most, an address a quarter of an hour.
final class LoginThrottle: Sendable {
    /// Which waits there are.
    struct Scale: Sendable {
        /// So many failures cost nothing.
        var free: Int
        /// No wait is longer, ms.
        var longest: Int64

        /// The wait before another attempt, ms.
        func wait(after failures: Int) -> Int64 {
            guard failures >= free else { return 0 }
            return min(longest, 1_000 << Int64(min(failures - free, 20)))
        }
    }

    static let account = Scale(free: 5, longest: 60_000)
    static let address = Scale(free: 20, longest: 15 * 60_000)

    /// Failures are forgotten when nothing was tried for so long, ms.
    private static let memory: Int64 = 3_600_000
    /// So many accounts and addresses are remembered; then those that were tried longest ago are forgotten.
    static let most = 20_000

    private struct Entry {
        var failures = 0
        var last: Timestamp
    }

    private enum Key: Hashable {
        case account(Text)
        case address(String)

        var scale: Scale {
            switch self {
            case .account: LoginThrottle.account
            case .address: LoginThrottle.address
            }
        }
    }

    private let clock: any Clock
    private let entries = Locked<[Key: Entry]>([:])

    init(clock: any Clock) { self.clock = clock }

    /// Counts an attempt.
    ///
    /// - Parameter account: as it was typed, whether there is one or not.
    /// - Throws: `too-many-attempts` when it comes too soon; then it does not count.
    func begin(_ account: EmailAddress?, from address: String?) throws(APIError) {
        let now = clock.now()
        let keys = keys(account, address)
        let wait = entries.withLock { entries -> Int64 in
            let waits = keys.map { key -> Int64 in
                guard let entry = entries[key] else { return 0 }
                // A clock that is set back lengthens no wait.
                return key.scale.wait(after: entry.failures) - max(0, now.milliseconds(since: entry.last))
            }
            let wait = waits.max() ?? 0
            guard wait <= 0 else { return wait }
            for key in keys {
                var entry = entries[key] ?? Entry(last: now)
                if now.milliseconds(since: entry.last) >= Self.memory { entry.failures = 0 }
                entry.failures += 1
                entry.last = now
                entries[key] = entry
            }
            if entries.count > Self.most {
                let middle = entries.values.map(\.last).sorted()[entries.count / 2]
                entries = entries.filter { $0.value.last > middle }
            }
            return 0
        }
        guard wait <= 0 else {
            let seconds = Int((wait + 999) / 1_000)
            throw APIError(
                .tooManyRequests, "too-many-attempts",
                "Too many attempts failed. Try again in \(Self.spoken(seconds: seconds)).", retryAfter: seconds)
        }
    }

    /// The attempt was none that failed: the account's failures are forgotten, and this one of the address.
    func succeed(_ account: EmailAddress?, from address: String?) {
        entries.withLock { entries in
            for key in keys(account, address) {
                switch key {
                case .account: entries[key] = nil
                case .address:
                    if let failures = entries[key]?.failures { entries[key]?.failures = max(0, failures - 1) }
                }
            }
        }
    }

    var count: Int { entries.withLock { $0.count } }

    private func keys(_ account: EmailAddress?, _ address: String?) -> [Key] {
        [account.map { .account($0.key) }, address.map { .address(Self.network($0)) }].compactMap { $0 }
    }

    /// The address; of IPv6 the first 64 bits, which one customer of a provider has for himself.
    static func network(_ address: String) -> String {
        guard address.contains(":"), !address.contains(".") else { return address }
        var groups = address.split(separator: "%").first.map(String.init) ?? address
        if let gap = groups.range(of: "::") {
            let before = groups[..<gap.lowerBound].split(separator: ":")
            let after = groups[gap.upperBound...].split(separator: ":")
            let zeros = Array(repeating: Substring("0"), count: max(0, 8 - before.count - after.count))
            groups = (before + zeros + after).joined(separator: ":")
        }
        return groups.split(separator: ":").prefix(4).joined(separator: ":") + "::/64"
    }

    private static func spoken(seconds: Int) -> String {
        if seconds <= 1 { return "a second" }
        return seconds < 120 ? "\(seconds) seconds" : "\((seconds + 59) / 60) minutes"
    }
}
