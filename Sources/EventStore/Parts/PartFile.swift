import Columns
import EventModel
import Synchronization

/// An open part: mapped, its index read, every block checked before its first use.
///
/// Immutable and shared by all readers. Whatever is wrong with the bytes ends in `.partDamaged`, never in a wrong row.
final class PartFile: Sendable {
    let id: StoreID
    let path: String
    let workspace: StoreID
    let index: PartIndex
    let indexPlace: BlockPlace
    /// The names of the index, for blocks.
    let eventNames: EventNames
    /// Per frame, the largest arrival in it or in any frame before it.
    let lastArrivals: [UInt64]
    let map: MappedBytes
    /// Chunks that matched their checksum since the part was opened, by their offset in the file.
    private let checked = Locked<Set<Int>>([])
    let dictionaries = DictionaryCache()
    // Profiles whose rows lie in several places are read one by one, and many of them from the same blocks.
    // About a byte an event; every evaluation asks for all of them.
    let directories = BlockCache<BlockDirectory>(most: 4_096)
    /// Blocks whose chunks were checked that are decoded later, when nothing can be thrown any more.
    let deferredBlocks = BlockCache<Bool>(most: 1 << 20)
    /// Where the packed times of a section begin, frame by frame: 16 bytes for 256 rows.
    let frameOffsets = BlockCache<[Int]>(most: 1 << 16)
    let arrivalsOfBlocks = BlockCache<[UInt64]>(most: 16)
    let movedRowsOfBlocks = BlockCache<[MovedRow]>(most: 64)
    // Files are imported again in their order, so a frame is asked for many keys in turn.
    let keysOfFrames = BlockCache<Set<DedupKey>>(most: 16)
    let filters = BlockCache<KeyFilter>(most: 1)
    /// Set while the import that made the part goes on.
    let keyTails = Locked<KeyTails?>(nil)
    private let zeros = Locked<[UInt32]>([])

    /// Opens a part and checks its header, footer, length and index; not the digest, see `verify`.
    ///
    /// - Parameter size: the length the manifest says; nil when there is no manifest to ask.
    convenience init(
        _ id: StoreID, path: String, on disk: any Disk, workspace: StoreID?, size: Int?
    ) throws(EventStoreError) {
        let map: MappedBytes
        do throws(DiskError) { map = try disk.map(path) } catch {
            if error.reason == .notFound { throw .partMissing(part: id.description, path: path) }
            throw EventStoreError(error)
        }
        try self.init(id, path: path, map, workspace: workspace, size: size)
    }

    /// The same of bytes that are there already.
    init(
        _ id: StoreID, path: String, _ map: MappedBytes, workspace: StoreID?, size: Int?
    ) throws(EventStoreError) {
        self.id = id
        self.path = path
        self.map = map
        let footer = try PartFooter(map.bytes, part: id, workspace: workspace, size: size)
        self.workspace = footer.workspace
        let bytes = map.bytes
        let place = BlockPlace(
            number: footer.blockCount - 1, offset: footer.indexOffset, length: footer.indexLength)
        let block = try PartBlock(bytes, place: place, kind: .index, part: id, workspace: footer.workspace)
        let checkedIndex = try PartIndex(
            limit: max(bytes.count, 1_024), end: footer.indexOffset,
            chunk: { kind throws(EventStoreError) in try block.chunk(kind, id: 0, check: true) },
            failing: { block.damage(.contents($0)) })
        guard checkedIndex.totals.messages == footer.messages, checkedIndex.totals.rows == footer.rows else {
            throw block.damage(.inconsistent(what: "counts of the index and the footer"))
        }
        index = checkedIndex
        eventNames = EventNames(checkedIndex.names)
        indexPlace = place
        var last: UInt64 = 0
        lastArrivals = checkedIndex.frames.map { frame in
            last = max(last, frame.lastArrival)
            return last
        }
    }

    /// The length of the file in bytes.
    var size: Int { map.bytes.count }

    /// A block with its header checked.
    func block(_ place: BlockPlace, _ kind: PartFormat.BlockKind) throws(EventStoreError) -> PartBlock {
        try PartBlock(map.bytes, place: place, kind: kind, part: id, workspace: workspace)
    }

    /// The bytes of a chunk, checked against their checksum the first time and decompressed when needed.
    func chunk(
        _ block: PartBlock, _ kind: PartFormat.ChunkKind, id: UInt32 = 0
    ) throws(EventStoreError) -> Chunk {
        guard let chunk = try optionalChunk(block, kind, id: id) else {
            throw block.damage(.inconsistent(what: "chunk \(kind.rawValue) is not there"))
        }
        return chunk
    }

    /// The same, or nil when the block has no such chunk.
    func optionalChunk(
        _ block: PartBlock, _ kind: PartFormat.ChunkKind, id: UInt32 = 0
    ) throws(EventStoreError) -> Chunk? {
        guard let entry = block.entry(kind, id: id) else { return nil }
        let position = block.place.offset + entry.offset
        let isChecked = checked.withLock { $0.contains(position) }
        let chunk = try block.chunk(entry, check: !isChecked)
        if !isChecked { _ = checked.withLock { $0.insert(position) } }
        return chunk
    }

    /// At least so many zeros, one array for all blocks without items.
    func noItems(_ count: Int) -> [UInt32] {
        zeros.withLock { zeros in
            if zeros.count < count { zeros = Array(repeating: 0, count: count) }
            return zeros
        }
    }

    /// The digest of the whole file as it is now.
    func digest() -> [UInt8] { PartDigest.compute(map.bytes) }

    /// The digest the footer names.
    var footerDigest: [UInt8] {
        Array(map.bytes[(map.bytes.count - 32)..<(map.bytes.count - 16)])
    }
}

/// Bytes of a chunk and what keeps them alive.
struct Chunk {
    let bytes: UnsafeRawBufferPointer
    private let owner: MappedBytes?

    init(_ bytes: UnsafeRawBufferPointer, owner: MappedBytes? = nil) {
        self.bytes = bytes
        self.owner = owner
    }
}
