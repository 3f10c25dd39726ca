import EventModel
import EventStore
import HeapModule

/// When each profile's answers run out by the clock, and who is next.
///
/// 8 bytes a profile, and 16 for each that has an instant.
struct DueProfiles {
    private struct Entry: Comparable {
        let instant: Int64
        let profile: ProfileNumber

        static func < (left: Entry, right: Entry) -> Bool {
            (left.instant, left.profile) < (right.instant, right.profile)
        }
    }

    /// By profile number; `never` where no instant is known.
    private(set) var instants: [Int64] = []
    /// Entries that are not what `instants` says any more are passed over.
    private var heap = Heap<Entry>()
    private var waiting = 0

    static let never = Int64.max

    init() {}

    init(instants: [Int64]) {
        self.instants = instants
        rebuild()
    }

    subscript(profile: ProfileNumber) -> Int64 {
        get { Int(profile) < instants.count ? instants[Int(profile)] : Self.never }
        set {
            let index = Int(profile)
            if index >= instants.count {
                guard newValue != Self.never else { return }
                instants.append(contentsOf: repeatElement(Self.never, count: index + 1 - instants.count))
            }
            let before = instants[index]
            guard before != newValue else { return }
            instants[index] = newValue
            waiting += (newValue == Self.never ? 0 : 1) - (before == Self.never ? 0 : 1)
            if newValue != Self.never { heap.insert(Entry(instant: newValue, profile: profile)) }
            if heap.count > 2 * waiting + 1_024 { rebuild() }
        }
    }

    /// Sets many instants at once, where they come before those that are known.
    mutating func lower(_ due: [(profile: ProfileNumber, instant: Timestamp)]) {
        for (profile, instant) in due {
            let index = Int(profile)
            if index >= instants.count {
                instants.append(contentsOf: repeatElement(Self.never, count: index + 1 - instants.count))
            }
            instants[index] = min(instants[index], instant.milliseconds)
        }
        rebuild()
    }

    /// The instant at which somebody is due next; nil: nobody.
    mutating func next() -> Int64? {
        while let first = heap.min {
            if self[first.profile] == first.instant { return first.instant }
            heap.removeMin()
        }
        return nil
    }

    /// Somebody who is due at or before an instant; whoever is taken must be given another instant.
    mutating func take(upTo instant: Int64) -> ProfileNumber? {
        guard let next = next(), next <= instant else { return nil }
        return heap.removeMin().profile
    }

    /// A profile that was just taken and others that are due after it, ascending by their numbers.
    mutating func following(_ profile: ProfileNumber, upTo instant: Int64, limit: Int) -> [ProfileNumber] {
        var entries: [Entry] = []
        while entries.count + 1 < limit, let next = next(), next <= instant { entries.append(heap.removeMin()) }
        heap.insert(contentsOf: entries)
        return Set(entries.map(\.profile)).union([profile]).sorted()
    }

    private mutating func rebuild() {
        let entries = instants.enumerated().compactMap { index, instant in
            instant == Self.never ? nil : Entry(instant: instant, profile: ProfileNumber(index))
        }
        waiting = entries.count
        heap = Heap(entries)
    }
}
