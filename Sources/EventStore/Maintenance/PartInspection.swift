import EventModel

/// A part by itself: its bytes, without the store it belongs to.
///
/// For files of unknown state. Whatever the bytes are, every call ends in an answer, a list of problems or an error,
/// and takes memory in proportion to what the file can hold.
package struct PartInspection {
    private let part: PartFile

    /// Opens the part; the number it should have is the one its header names.
    package init(_ bytes: [UInt8]) throws(EventStoreError) {
        let id = StoreID(bytes.dropFirst(32).prefix(16)) ?? StoreID(high: 0, low: 0)
        part = try PartFile(
            id, path: id.description, MappedBytes(copying: bytes), workspace: nil, size: nil)
    }

    /// Checks all there is: digest, blocks, rows, messages, keys and identities, as `EventStore.verify` does.
    package func verify() -> VerifyReport {
        var report = VerifyReport()
        PartVerifier(part: part, decoder: MessageDecoder(options: .stored)).verify(digest: nil, &report)
        return report
    }

    /// How many blocks of rows there are.
    package var blockCount: Int { part.index.rowBlocks.count }

    /// The rows of a block; a profile is shown under its number.
    ///
    /// - Parameters:
    ///   - index: below `blockCount`.
    ///   - wanted: which of the profiles, by their place in the block.
    package func block(
        _ index: Int, projection: Projection, where wanted: (Int) -> Bool = { _ in true }
    ) throws(EventStoreError) -> HistoryBlock {
        let directory = try part.directory(index)
        return try part.rows(
            index, directory, positions: directory.profiles.indices.filter(wanted), projection: projection,
            ids: .lookUp { Text("\($0)") })
    }

    /// Of the rows of a profile, the identifier of each, by arrival.
    package func identifiers(of profile: ProfileNumber) throws(EventStoreError) -> [UInt64: ProfileNumber] {
        guard profile < .max else { return [:] }
        return try part.identifiersOfRows(of: profile)
    }

    /// How many messages can be saved out of the bytes of a part, whatever else of it is lost.
    package static func salvageableMessages(_ bytes: [UInt8]) -> Int {
        guard let workspace = StoreID(bytes.dropFirst(16).prefix(16)), let id = StoreID(bytes.dropFirst(32).prefix(16))
        else { return 0 }
        return bytes.withUnsafeBytes { PartSalvage(id: id, workspace: workspace).records($0).count }
    }

    /// How many messages an entry of the journal holds; nil when it is damaged.
    package static func journalMessages(_ body: [UInt8]) -> Int? {
        guard let workspace = StoreID(body.dropFirst(8).prefix(16)) else { return nil }
        return JournalBody.records(body, workspace: workspace)?.count
    }
}
