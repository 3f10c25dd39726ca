package import EventModel

/// What is left to do of an erasure that is durable: files of parts to remove, and who is to be taken out of what is kept
/// beside the store.
///
/// It stands in `shoal.db` until `finishErasure`, with everything that gives the person away, so that a stop at any moment
/// leaves nothing that nobody would look for.
package struct PendingErasure: Hashable, Sendable {
    /// The numbers under which messages went.
    package var identifiers: Set<ProfileNumber> = []
    package var messageIDs: Set<Text> = []
    /// What the profile was called, also by ids that stay, since messages of somebody else name them too.
    package var ids: Set<Text> = []
    /// Ids, handles and addresses that give the person away.
    package var texts: Set<Text> = []
    /// Files of the parts folder that must not outlive the erasure.
    var files: [String] = []

    package init() {}

    /// Whether nothing but the scrubbing of `shoal.db` is left, since nobody keeps anything beside the store.
    var isOfStoreAlone: Bool { identifiers.isEmpty }

    mutating func formUnion(_ other: PendingErasure) {
        identifiers.formUnion(other.identifiers)
        messageIDs.formUnion(other.messageIDs)
        ids.formUnion(other.ids)
        texts.formUnion(other.texts)
        files += other.files
    }

    // MARK: - Bytes

    var encoded: [UInt8] {
        func texts(_ all: some Sequence<Text>) -> JSONValue { .array(all.sorted().map { .string($0) }) }
        return JSONWriter.bytes(
            of: .object(
                JSONObject([
                    ("files", texts(files.map { Text($0) })),
                    ("identifiers", .array(identifiers.sorted().map { .number(Decimal128(Int($0))) })),
                    ("messageIds", texts(messageIDs)), ("ids", texts(ids)), ("texts", texts(self.texts)),
                ])))
    }

    /// Nil when the bytes are no such thing.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSONReader.parse(bytes, limits: Limits.JSON(bytes: 1 << 30, values: 1 << 26)).object
        else { return nil }
        func texts(_ name: Text) -> [Text] { json[name]?.elements?.compactMap(\.text) ?? [] }
        files = texts("files").map(\.string)
        identifiers = Set(
            (json["identifiers"]?.elements ?? []).compactMap {
                $0.decimal?.asInt().flatMap { ProfileNumber(exactly: $0) }
            })
        messageIDs = Set(texts("messageIds"))
        ids = Set(texts("ids"))
        self.texts = Set(texts("texts"))
    }
}

extension EventStore {
    /// What is left to do of an erasure that was not final, or was broken off; nil when there is nothing.
    package func pendingErasure() throws(EventStoreError) -> PendingErasure? {
        try database.pendingErasure().flatMap { $0.isOfStoreAlone ? nil : $0 }
    }

    /// Ends an erasure: forgets what was left to do, and writes `shoal.db` anew. When it returns, the bytes are gone.
    package func finishErasure() throws(EventStoreError) {
        try asWriter { _ throws(EventStoreError) in
            guard try database.pendingErasure() != nil else { return }
            try database.scrub()
        }
    }

    /// When the store is opened: removes the files that an erasure left, and finishes it when that was all.
    func goOnErasing() throws(EventStoreError) {
        guard let pending = try database.pendingErasure() else { return }
        let there = try onDisk { () throws(DiskError) in try disk.list(partsDirectory) }
        try remove(pending.files.filter { there.contains($0) })
        if pending.isOfStoreAlone { try database.scrub() }
    }
}
