import Columns

/// The header and chunk table of a block, checked; see `PartFormat` for the bytes.
struct PartBlock {
    struct Entry {
        let kind: UInt16
        let coding: UInt8
        let id: UInt32
        let offset: Int
        let length: Int
        let rawLength: Int
        let checksum: UInt32
    }

    let place: BlockPlace
    let count: Int
    let entries: [Entry]
    private let part: StoreID
    private let bytes: UnsafeRawBufferPointer

    /// Reads the block that should lie at `place` and checks that it is that one and not another.
    init(
        _ file: UnsafeRawBufferPointer, place: BlockPlace, kind: PartFormat.BlockKind, part: StoreID,
        workspace: StoreID
    ) throws(EventStoreError) {
        func damage(_ damage: PartDamage) -> EventStoreError {
            .partDamaged(part: part.description, block: place.number, offset: place.offset, damage: damage)
        }
        let bodyEnd = file.count - PartFormat.footerSize
        guard place.offset >= PartFormat.fileHeaderSize, place.length >= PartFormat.blockHeaderSize,
            place.offset <= bodyEnd, place.length <= bodyEnd - place.offset
        else { throw damage(.length(expected: place.length, found: max(0, bodyEnd - place.offset))) }
        bytes = UnsafeRawBufferPointer(rebasing: file[place.offset..<(place.offset + place.length)])
        self.place = place
        self.part = part

        guard bytes[0..<4].elementsEqual(PartFormat.blockMagic) else { throw damage(.badMagic) }
        let chunkCount = Int(Self.load(bytes, 44, UInt32.self))
        let tableEnd = PartFormat.blockHeaderSize + chunkCount * PartFormat.chunkEntrySize
        guard tableEnd <= place.length else { throw damage(.length(expected: tableEnd, found: place.length)) }
        let expected = Self.load(bytes, 68, UInt32.self)
        let found = Self.checksumWithout(bytes, at: 68, end: tableEnd)
        guard expected == found else { throw damage(.checksum(expected: expected, found: found)) }
        try Self.checkIdentity(bytes, place: place, kind: kind, part: part, workspace: workspace, damage)
        count = Int(Self.load(bytes, 64, UInt32.self))

        var entries: [Entry] = []
        entries.reserveCapacity(chunkCount)
        var next = tableEnd
        for index in 0..<chunkCount {
            let entry = Self.entry(bytes, PartFormat.blockHeaderSize + index * PartFormat.chunkEntrySize)
            guard entry.offset == next, entry.length <= place.length - next else {
                throw damage(.inconsistent(what: "chunk \(index) lies outside its block"))
            }
            if let last = entries.last, (last.kind, last.id) >= (entry.kind, entry.id) {
                throw damage(.inconsistent(what: "chunk \(index) is out of order"))
            }
            next += entry.length
            entries.append(entry)
        }
        guard next == place.length else { throw damage(.length(expected: next, found: place.length)) }
        self.entries = entries
    }

    private static func checkIdentity(
        _ bytes: UnsafeRawBufferPointer, place: BlockPlace, kind: PartFormat.BlockKind, part: StoreID,
        workspace: StoreID, _ damage: (PartDamage) -> EventStoreError
    ) throws(EventStoreError) {
        guard bytes[5] <= PartFormat.version else { throw damage(.misplaced(what: "a newer format")) }
        guard bytes[4] >= PartFormat.oldestVersion else { throw damage(.misplaced(what: "an older format")) }
        guard bytes[6] == kind.rawValue, bytes[7] == 0 else { throw damage(.misplaced(what: "kind of block")) }
        guard StoreID(bytes[8..<24]) == workspace else { throw damage(.misplaced(what: "workspace")) }
        guard StoreID(bytes[24..<40]) == part else { throw damage(.misplaced(what: "part")) }
        guard Int(load(bytes, 40, UInt32.self)) == place.number else {
            throw damage(.misplaced(what: "block number"))
        }
        guard load(bytes, 48, UInt64.self) == UInt64(place.offset),
            load(bytes, 56, UInt64.self) == UInt64(place.length)
        else { throw damage(.misplaced(what: "offset or length")) }
    }

    func entry(_ kind: PartFormat.ChunkKind, id: UInt32) -> Entry? {
        var (lower, upper) = (0, entries.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if (entries[middle].kind, entries[middle].id) < (kind.rawValue, id) {
                lower = middle + 1
            } else {
                upper = middle
            }
        }
        guard lower < entries.count, entries[lower].kind == kind.rawValue, entries[lower].id == id else { return nil }
        return entries[lower]
    }

    /// The bytes of the chunk of a kind; an error when there is none.
    func chunk(_ kind: PartFormat.ChunkKind, id: UInt32, check: Bool) throws(EventStoreError) -> Chunk {
        guard let entry = entry(kind, id: id) else {
            throw damage(.inconsistent(what: "chunk \(kind.rawValue) is not there"))
        }
        return try chunk(entry, check: check)
    }

    func chunk(_ entry: Entry, check: Bool) throws(EventStoreError) -> Chunk {
        let raw = storedBytes(entry)
        if check {
            let found = CRC32C.checksum(raw)
            guard found == entry.checksum else {
                throw damage(.checksum(expected: entry.checksum, found: found), at: entry.offset)
            }
        }
        switch ChunkCoding(rawValue: entry.coding) {
        case .plain:
            guard entry.length == entry.rawLength else {
                throw damage(.length(expected: entry.rawLength, found: entry.length), at: entry.offset)
            }
            return Chunk(raw)
        case .zstandard:
            if let owner = Zstandard.decompress(raw, size: entry.rawLength) { return Chunk(owner.bytes, owner: owner) }
        case .numerals:
            if Zstandard.isPossible(entry.rawLength, from: entry.length),
                let table = NumeralTable.decode(raw, size: entry.rawLength)
            {
                let owner = MappedBytes(copying: table)
                return Chunk(owner.bytes, owner: owner)
            }
        case nil:
            break
        }
        throw damage(.inconsistent(what: "compressed bytes"), at: entry.offset)
    }

    /// The bytes of a chunk as they lie in the file, not checked.
    func storedBytes(_ entry: Entry) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[entry.offset..<(entry.offset + entry.length)])
    }

    func damage(_ damage: PartDamage, at offset: Int = 0) -> EventStoreError {
        .partDamaged(
            part: part.description, block: place.number, offset: place.offset + offset, damage: damage)
    }

    private static func entry(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Entry {
        Entry(
            kind: load(bytes, offset, UInt16.self), coding: bytes[offset + 2],
            id: load(bytes, offset + 4, UInt32.self), offset: Int(load(bytes, offset + 8, UInt32.self)),
            length: Int(load(bytes, offset + 12, UInt32.self)), rawLength: Int(load(bytes, offset + 16, UInt32.self)),
            checksum: load(bytes, offset + 20, UInt32.self))
    }

    static func load<Integer: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ type: Integer.Type
    ) -> Integer {
        Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    /// The checksum of `bytes[0..<end]` with the four bytes at `offset` taken as zero.
    static func checksumWithout(_ bytes: UnsafeRawBufferPointer, at offset: Int, end: Int) -> UInt32 {
        let before = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[0..<offset]))
        let zero = CRC32C.checksum([0, 0, 0, 0], continuing: before)
        return CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[(offset + 4)..<end]), continuing: zero)
    }
}

/// The header and footer of a part file, checked.
struct PartFooter {
    let workspace: StoreID
    let indexOffset: Int
    let indexLength: Int
    let messages: Int
    let rows: Int
    let blockCount: Int

    init(
        _ file: UnsafeRawBufferPointer, part: StoreID, workspace: StoreID?, size: Int?
    ) throws(EventStoreError) {
        func damage(_ offset: Int, _ damage: PartDamage) -> EventStoreError {
            .partDamaged(part: part.description, block: nil, offset: offset, damage: damage)
        }
        let smallest = PartFormat.fileHeaderSize + PartFormat.footerSize
        if let size, size != file.count { throw damage(0, .length(expected: size, found: file.count)) }
        guard file.count >= smallest else { throw damage(0, .length(expected: smallest, found: file.count)) }
        let start = file.count - PartFormat.footerSize
        let header = UnsafeRawBufferPointer(rebasing: file[0..<PartFormat.fileHeaderSize])
        let footer = UnsafeRawBufferPointer(rebasing: file[start...])
        for (bytes, magic, offset) in [
            (header, PartFormat.fileMagic, 0), (footer, PartFormat.footerMagic, start),
        ] {
            guard bytes[0..<8].elementsEqual(magic) else { throw damage(offset, .badMagic) }
            let expected = PartBlock.load(bytes, 12, UInt32.self)
            let found = PartBlock.checksumWithout(bytes, at: 12, end: bytes.count)
            guard expected == found else { throw damage(offset, .checksum(expected: expected, found: found)) }
            guard bytes[9] <= PartFormat.version else {
                throw .newerFormat(path: part.description, found: Int(bytes[8]), supported: Int(PartFormat.version))
            }
            guard bytes[8] >= PartFormat.oldestVersion else {
                throw .olderFormat(path: part.description, found: Int(bytes[8]), supported: Int(PartFormat.version))
            }
            guard StoreID(bytes[32..<48]) == part else { throw damage(offset, .misplaced(what: "part")) }
            guard let owner = StoreID(bytes[16..<32]), workspace == nil || workspace == owner else {
                throw damage(offset, .misplaced(what: "workspace"))
            }
        }
        guard let owner = StoreID(footer[16..<32]), StoreID(header[16..<32]) == owner else {
            throw damage(start, .misplaced(what: "workspace"))
        }
        let numbers = [48, 56, 64, 72, 80, 88].map { Int(exactly: PartBlock.load(footer, $0, UInt64.self)) }
        guard let indexOffset = numbers[0], let indexLength = numbers[1], let length = numbers[2],
            let messages = numbers[3], let rows = numbers[4], let blockCount = numbers[5]
        else { throw damage(start, .inconsistent(what: "numbers of the footer")) }
        guard length == file.count else { throw damage(start, .length(expected: length, found: file.count)) }
        self.workspace = owner
        self.indexOffset = indexOffset
        self.indexLength = indexLength
        self.messages = messages
        self.rows = rows
        self.blockCount = blockCount
    }
}
