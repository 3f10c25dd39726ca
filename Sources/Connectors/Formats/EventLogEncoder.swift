internal import Crypto
import EventModel
import EventStore

/// Encodes the rows of an event log without making messages of them first.
///
/// What it writes is byte for byte what `EventLogs`, `JSONWriter` and `MessageDecoder` make of the same rows. Rows that
/// need more thought (a bad cell, an id that stands for nobody) are left to them, and so are whole files in which
/// properties may meet: see `init`.
struct EventLogEncoder: Sendable {
    /// Some rows of a file, in its order.
    enum Piece: Sendable {
        case encoded(EncodedRows)
        case decoded(DecodedRows)
    }

    /// A column that becomes a property.
    struct Property: Sendable {
        enum Reading: Sendable { case text, number, literal }

        var column: Int
        var reading: Reading
        /// Its number in each batch.
        var target: Int
        /// The key as JSON, with its colon.
        var key: [UInt8]
    }

    let format: EventLogs
    let context: FormatContext
    let keepsNames: Bool
    /// What the bytes of a deduplication key begin with.
    let keyPrefix: [UInt8]
    let digestNamespace: [UInt8]
    /// Columns in the order of the digest, each with its key's length and bytes.
    let digestColumns: [(column: Int, key: [UInt8])]
    private(set) var session: Property?
    private(set) var texts: [Property] = []
    private(set) var numbers: [Property] = []
    private(set) var extras: [Property] = []
    private(set) var paths: [PropertyPath] = []
    /// Properties whose key depends on the event, and the two columns of `context`.
    private(set) var named: [Text: Int] = [:]
    private(set) var importColumns = (object: 0, event: 0)

    static let fieldKeys: [(key: Text, field: Field)] = [
        ("order_id", .order), ("product_id", .product), ("sku", .sku), ("name", .productName),
        ("category", .category), ("brand", .brand), ("coupon", .coupon), ("url", .url),
    ]
    private static let otherKeys: [Text] = [
        "session_id", "step", "price", "quantity", "revenue", "total", "value", "currency", "products",
    ]

    /// Nil when amounts are to be converted, when cells come from options, or when a column takes the key of another.
    init?(_ format: EventLogs, settings: WorkspaceSettings, source: Text) {
        self.format = format
        context = format.context
        keepsNames = format.keepsNames
        let columns = context.columns
        let own = Set(Self.fieldKeys.map(\.key) + Self.otherKeys)
        guard settings.baseCurrency == nil, columns.constants.keys.allSatisfy(\.isSetting),
            columns.extras.allSatisfy({ !own.contains($0.name) && $0.name.utf8.count <= Limits.keyCharacters.value }),
            columns.extras.count + own.count <= Limits.topLevelMembers.value
        else { return nil }
        var prefix: [UInt8] = []
        DedupKey.appendSource(source, to: &prefix)
        keyPrefix = prefix
        var namespace: [UInt8] = []
        RowDigest.append(EventLogs.namespace.utf8, to: &namespace)
        digestNamespace = namespace
        digestColumns = format.digester.columns.map { column, key in
            var bytes: [UInt8] = []
            RowDigest.append(key, to: &bytes)
            return (column, bytes)
        }
        declareColumns(columns)
    }

    private mutating func declareColumns(_ columns: ColumnMap) {
        session = columns.column(.session).map { property("session_id", $0, .text) }
        for (key, field) in Self.fieldKeys {
            let target = declare(PropertyPath(.properties, [key]))
            if key == "name" { named[key] = target }
            if let column = columns.column(field) {
                texts.append(Property(column: column, reading: .text, target: target, key: Self.json(key: key)))
            }
        }
        for (key, field) in [("price", .price), ("quantity", .quantity)] as [(Text, Field)] {
            if let column = columns.column(field) { numbers.append(property(key, column, .number)) }
        }
        for key in ["step", "revenue", "total", "value", "currency"] as [Text] {
            named[key] = declare(PropertyPath(.properties, [key]))
        }
        for extra in columns.extras {
            extras.append(property(extra.name, extra.column, extra.staysText ? .text : .literal))
        }
        importColumns = (
            declare(PropertyPath(.context, ["import"])), declare(PropertyPath(.context, ["import", "event"]))
        )
    }

    private mutating func declare(_ path: PropertyPath) -> Int {
        paths.append(path)
        return paths.count - 1
    }

    private mutating func property(_ key: Text, _ column: Int, _ reading: Property.Reading) -> Property {
        Property(
            column: column, reading: reading, target: declare(PropertyPath(.properties, [key])),
            key: Self.json(key: key))
    }

    static func json(key: Text) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONWriter.append(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        return bytes
    }

    /// Encodes rows of one batch of a file.
    func encode(_ rows: [CSVRow]) -> [Piece] {
        var pieces: [Piece] = []
        var index = 0
        while index < rows.count {
            // A file that is full of rows to think about is none to hurry through.
            if pieces.count < 64 {
                var encoding = EventLogEncoding(self)
                let start = index
                rows[index].batch.withCells { cells in
                    while index < rows.count, encoding.add(rows[index], cells) { index += 1 }
                }
                if index > start { pieces.append(.encoded(encoding.finish())) }
                guard index < rows.count else { break }
            }
            var decoded = DecodedRows()
            let end = pieces.count < 64 ? index + 1 : rows.count
            format.decode(rows[index..<end], into: &decoded)
            pieces.append(.decoded(decoded))
            index = end
        }
        return pieces
    }
}

/// Rows on their way to the store, with what the import counts.
struct EncodedRows: Sendable {
    var batch: RowBatch
    /// Of each row.
    var digests: [RowDigest] = []
    /// Hashes of the different profile ids.
    var profiles: [Int] = []
    var orders = 0
    var revenues: [Decimal128] = []
}
