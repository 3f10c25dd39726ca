import Columns
import EventModel

/// Where a frame of originals lies and which arrivals it holds.
struct FrameSummary: Hashable, Sendable {
    var place: BlockPlace
    var messages: Int
    var firstArrival: UInt64
    var lastArrival: UInt64
}

/// A block of sorted keys and the prefix of its first key.
struct KeyBlockSummary: Hashable, Sendable {
    var place: BlockPlace
    var keys: Int
    var firstPrefix: UInt64
}

/// An event name in a part: how much there is of it.
struct EventSummary: Hashable, Sendable {
    var rows: Int
    var profiles: Int
    var firstTime: Int64
    var lastTime: Int64
}

/// An identifier whose rows stand under another profile: the profile it led to when the part was written.
struct MovedIdentifier: Hashable, Sendable {
    var identifier: ProfileNumber
    var profile: ProfileNumber
}

/// A message without a row, by the identifier it stands under.
struct RowlessMessage: Hashable, Sendable {
    var identifier: ProfileNumber
    var arrival: UInt64
}

/// What a part holds as a whole.
struct PartTotals: Hashable, Sendable {
    var messages = 0
    var rows = 0
    var items = 0
    var profiles = 0
    var firstTime = Int64.max
    var lastTime = Int64.min
    var firstReceived = Int64.max
    var lastReceived = Int64.min
    var firstArrival = UInt64.max
    var lastArrival = UInt64.min
    var originalBytes = 0
}

/// The table of contents of a part, in its last block.
struct PartIndex: Sendable {
    var names: [Text] = ["$identify"]
    var paths: [PropertyPath] = []
    /// Codes and names of the sources of its messages.
    var sources: [UInt32: Text] = [:]
    var rowBlocks: [RowBlockSummary] = []
    /// Per block of rows, which names occur: a bit per code, in words.
    var blockNames: [[UInt64]] = []
    var frames: [FrameSummary] = []
    var keyBlocks: [KeyBlockSummary] = []
    var identityBlocks: [BlockPlace] = []
    var events: [EventSummary] = []
    var eventProfiles: BlockPlace?
    /// Ascending by identifier.
    var moved: [MovedIdentifier] = []
    /// Ascending by identifier, then arrival.
    var rowless: [RowlessMessage] = []
    var totals = PartTotals()

    /// Whether rows of an identifier stand under another profile.
    func hasMoved(_ identifier: ProfileNumber) -> Bool {
        var (lower, upper) = (0, moved.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if moved[middle].identifier < identifier { lower = middle + 1 } else { upper = middle }
        }
        return lower < moved.count && moved[lower].identifier == identifier
    }
}

// MARK: - Bytes

extension PartIndex {
    /// Every list of the index is a list of numbers, column after column, in one `IntegerChunk` each.
    func chunks() -> [ChunkDraft] {
        var sourceBytes: [UInt8] = []
        let sorted = sources.sorted { $0.key < $1.key }
        IntegerChunk.append(sorted.map { Int64($0.key) }, to: &sourceBytes)
        ByteTable.append(sorted.map { Array($0.value.utf8) }, to: &sourceBytes)
        return [
            table(.names, names.map { Array($0.utf8) }),
            table(.paths, paths.map { PathCoding.encode($0) }),
            ChunkDraft(kind: .sources, bytes: sourceBytes, compressible: true),
            columns(.rowBlocks, Self.places(rowBlocks.map(\.place)) + rowBlockColumns),
            columns(.blockNames, [blockNames.flatMap { $0 }.map { Int64(bitPattern: $0) }]),
            columns(.frames, Self.places(frames.map(\.place)) + frameColumns),
            columns(
                .keyBlocks,
                Self.places(keyBlocks.map(\.place)) + [
                    keyBlocks.map { Int64($0.keys) }, keyBlocks.map { Int64(bitPattern: $0.firstPrefix) },
                ]),
            columns(.identityBlocks, Self.places(identityBlocks)),
            columns(.events, eventColumns),
            columns(.eventProfilesBlock, Self.places(eventProfiles.map { [$0] } ?? [])),
            columns(.moved, [moved.map { Int64($0.identifier) }, moved.map { Int64($0.profile) }]),
            columns(
                .rowless,
                [rowless.map { Int64($0.identifier) }, rowless.map { Int64(bitPattern: $0.arrival) }]),
            columns(.summary, [totals.numbers]),
        ]
    }

    private func table(_ kind: PartFormat.ChunkKind, _ strings: [[UInt8]]) -> ChunkDraft {
        var bytes: [UInt8] = []
        ByteTable.append(strings, to: &bytes)
        return ChunkDraft(kind: kind, bytes: bytes, compressible: true)
    }

    private func columns(_ kind: PartFormat.ChunkKind, _ columns: [[Int64]]) -> ChunkDraft {
        var bytes: [UInt8] = []
        for column in columns { IntegerChunk.append(column, to: &bytes) }
        return ChunkDraft(kind: kind, bytes: bytes)
    }

    private static func places(_ places: [BlockPlace]) -> [[Int64]] {
        [places.map { Int64($0.number) }, places.map { Int64($0.offset) }, places.map { Int64($0.length) }]
    }

    private var rowBlockColumns: [[Int64]] {
        [
            rowBlocks.map { Int64($0.rows) }, rowBlocks.map { Int64($0.items) }, rowBlocks.map { Int64($0.profiles) },
            rowBlocks.map { Int64($0.firstProfile) }, rowBlocks.map { Int64($0.lastProfile) },
            rowBlocks.map(\.firstTime), rowBlocks.map(\.lastTime),
        ]
    }

    private var frameColumns: [[Int64]] {
        [
            frames.map { Int64($0.messages) }, frames.map { Int64(bitPattern: $0.firstArrival) },
            frames.map { Int64(bitPattern: $0.lastArrival) },
        ]
    }

    private var eventColumns: [[Int64]] {
        [
            events.map { Int64($0.rows) }, events.map { Int64($0.profiles) }, events.map(\.firstTime),
            events.map(\.lastTime),
        ]
    }
}

extension PartTotals {
    var numbers: [Int64] {
        [
            Int64(messages), Int64(rows), Int64(items), Int64(profiles), firstTime, lastTime, firstReceived,
            lastReceived, Int64(bitPattern: firstArrival), Int64(bitPattern: lastArrival), Int64(originalBytes),
        ]
    }

    init?(_ numbers: [Int64]) {
        guard numbers.count == 11, numbers[0...3].allSatisfy({ $0 >= 0 }), numbers[10] >= 0 else { return nil }
        messages = Int(numbers[0])
        rows = Int(numbers[1])
        items = Int(numbers[2])
        profiles = Int(numbers[3])
        firstTime = numbers[4]
        lastTime = numbers[5]
        firstReceived = numbers[6]
        lastReceived = numbers[7]
        firstArrival = UInt64(bitPattern: numbers[8])
        lastArrival = UInt64(bitPattern: numbers[9])
        originalBytes = Int(numbers[10])
    }

    /// The totals of two parts together; profiles that both have are counted twice.
    func adding(_ other: PartTotals) -> PartTotals {
        var sum = self
        sum.messages += other.messages
        sum.rows += other.rows
        sum.items += other.items
        sum.profiles += other.profiles
        sum.firstTime = min(firstTime, other.firstTime)
        sum.lastTime = max(lastTime, other.lastTime)
        sum.firstReceived = min(firstReceived, other.firstReceived)
        sum.lastReceived = max(lastReceived, other.lastReceived)
        sum.firstArrival = min(firstArrival, other.firstArrival)
        sum.lastArrival = max(lastArrival, other.lastArrival)
        sum.originalBytes += other.originalBytes
        return sum
    }
}
