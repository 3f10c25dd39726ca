import Columns
import EventModel

/// Who the messages of a part name, so that a part can be read without the manifest.
///
/// ```
/// identifiers      IntegerChunks: numbers (ascending), roles
/// identifierTexts  ByteTable of their texts, compressed
/// links            IntegerChunks: anonymous numbers, user numbers, kinds, earliest times in milliseconds
/// ```
enum IdentityBlocks {
    static func chunks(identifiers: ArraySlice<Identifier>, links: ArraySlice<IdentityLink>) -> [ChunkDraft] {
        var numbers: [UInt8] = []
        IntegerChunk.appendDifferences(identifiers.map { Int64($0.number) }, to: &numbers)
        IntegerChunk.append(identifiers.map { Int64($0.role.rawValue) }, to: &numbers)
        var texts: [UInt8] = []
        ByteTable.append(identifiers.map { Array($0.text.utf8) }, to: &texts)
        var pairs: [UInt8] = []
        IntegerChunk.append(links.map { Int64($0.anonymous) }, to: &pairs)
        IntegerChunk.append(links.map { Int64($0.user) }, to: &pairs)
        IntegerChunk.append(links.map { Int64($0.kind.rawValue) }, to: &pairs)
        IntegerChunk.append(links.map { $0.time.milliseconds }, to: &pairs)
        return [
            ChunkDraft(kind: .identifiers, bytes: numbers),
            ChunkDraft(kind: .identifierTexts, bytes: texts, compressible: true),
            ChunkDraft(kind: .links, bytes: pairs),
        ]
    }

    static func decode(
        identifiers: UnsafeRawBufferPointer, texts: UnsafeRawBufferPointer, links: UnsafeRawBufferPointer
    ) throws(ColumnError) -> IdentityChanges {
        let limit = PartFormat.identifiersPerBlock
        var reader = ByteReader(identifiers)
        let numbers = try IntegerChunk(&reader, atMost: limit).indexes(below: Int(UInt32.max))
        let roles = try IntegerChunk(&reader, atMost: limit).indexes(below: 3)
        var textReader = ByteReader(texts)
        let table = try ByteTable(&textReader, atMost: limit)
        guard roles.count == numbers.count, table.count == numbers.count else { throw .inconsistent(.presenceCount) }
        var changes = IdentityChanges()
        for index in numbers.indices {
            guard let text = Text(utf8: table[index]) else { throw .unknownEncoding(offset: index, found: -1) }
            let role = IdentifierRole(rawValue: UInt8(truncatingIfNeeded: roles[index])) ?? .anonymous
            changes.identifiers.append(Identifier(number: numbers[index], role: role, text: text))
        }
        var linkReader = ByteReader(links)
        let anonymous = try IntegerChunk(&linkReader, atMost: limit).indexes(below: Int(UInt32.max))
        let users = try IntegerChunk(&linkReader, atMost: limit).indexes(below: Int(UInt32.max))
        let kinds = try IntegerChunk(&linkReader, atMost: limit).indexes(below: 3)
        let times = try IntegerChunk(&linkReader, atMost: limit).values()
        guard users.count == anonymous.count, kinds.count == anonymous.count, times.count == anonymous.count else {
            throw .inconsistent(.presenceCount)
        }
        for index in anonymous.indices {
            let kind = LinkKind(rawValue: UInt8(truncatingIfNeeded: kinds[index])) ?? .together
            changes.links.append(
                IdentityLink(
                    anonymous: anonymous[index], user: users[index], kind: kind,
                    time: Timestamp(milliseconds: times[index])))
        }
        return changes
    }
}
