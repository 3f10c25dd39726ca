internal import Crypto
package import EventModel

/// Who was erased, by keyed hashes: so that restoring an older backup can erase them again.
///
/// `erasures.log` in the data directory, JSON lines: `{"erasures": 1, "key": "…"}`, the beginning of the key's SHA-256, and
/// for each erasure `{"erased": instant, "hashes": ["…"]}`. A hash is HMAC-SHA256 over the role of an identifier (a byte)
/// and its text, under the key in `erasures.key`. Without the key nobody can tell whether an id is among them.
package struct ErasureLog: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let time: Timestamp
        let hashes: [Text]
    }

    package static let fileName = "erasures.log"
    package static let keyFileName = "erasures.key"
    private static let keySize = 32

    /// Tells logs under different keys apart.
    private let keyCheck: Text
    /// In the order of the erasures; only ever added to.
    package private(set) var entries: [Entry] = []

    init(key: ErasureKey) { keyCheck = key.check }

    /// Nil when the bytes are no such log. A last line that was cut short does not count.
    package init?(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: 0x0A).compactMap { try? JSONReader.parse(Array($0)).object }
        guard let head = lines.first, head["erasures"] == 1, let check = head["key"]?.text else { return nil }
        keyCheck = check
        for line in lines.dropFirst() {
            guard let erased = line["erased"]?.text, let time = Timestamp(iso8601: erased, zone: .utc),
                let hashes = line["hashes"]?.elements
            else { continue }
            entries.append(Entry(time: time, hashes: hashes.compactMap(\.text)))
        }
    }

    var bytes: [UInt8] {
        var lines = [JSONValue.object(JSONObject([("erasures", 1), ("key", .string(keyCheck))]))]
        for entry in entries {
            lines.append(
                .object(
                    JSONObject([
                        ("erased", .string(Text(entry.time.iso8601))),
                        ("hashes", .array(entry.hashes.map { .string($0) })),
                    ])))
        }
        return lines.flatMap { JSONWriter.bytes(of: $0) + [0x0A] }
    }

    mutating func add(_ identifiers: [Identifier], at time: Timestamp, _ key: ErasureKey) {
        entries.append(Entry(time: time, hashes: identifiers.map { key.hash($0.role, $0.text) }))
    }

    func isUnder(_ key: ErasureKey) -> Bool { keyCheck == key.check }

    /// The hashes of the erasures after the first `count`.
    func hashes(after count: Int) -> Set<Text> { Set(entries.dropFirst(count).flatMap(\.hashes)) }
}

/// The key of an erasure log.
struct ErasureKey: Sendable {
    private let key: SymmetricKey

    /// - Parameter bytes: 64 hexadecimal digits, and nothing else but white space behind them; else nil.
    init?(file bytes: [UInt8]) {
        let digits = Array(bytes.prefix { $0 > 0x20 })
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.count == 64, let high = StoreID(hexadecimal: text.prefix(32)),
            let low = StoreID(hexadecimal: text.suffix(32))
        else { return nil }
        key = SymmetricKey(data: high.bytes + low.bytes)
    }

    var check: Text {
        key.withUnsafeBytes { bytes in Self.hexadecimal(SHA256.hash(data: Array(bytes)).prefix(8)) }
    }

    func hash(_ role: IdentifierRole, _ text: Text) -> Text {
        Self.hexadecimal(
            HMAC<SHA256>.authenticationCode(for: [role.rawValue] + Array(text.utf8), using: key))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> Text {
        let digits = Array("0123456789abcdef".utf8)
        return Text(String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self))
    }
}

extension EventStore {
    /// The erasures of this store; empty when there was none.
    package func erasureLog() throws(EventStoreError) -> ErasureLog {
        let key = try erasureKey()
        guard let bytes = try contents(of: ErasureLog.fileName) else { return ErasureLog(key: key) }
        guard let log = ErasureLog(bytes), log.isUnder(key) else {
            throw .erasuresDamaged(path: "\(directory)/\(ErasureLog.fileName)")
        }
        return log
    }

    /// The key of the log, made at the first call.
    func erasureKey() throws(EventStoreError) -> ErasureKey {
        let path = "\(directory)/\(ErasureLog.keyFileName)"
        if let bytes = try contents(of: ErasureLog.keyFileName) {
            guard let key = ErasureKey(file: bytes) else { throw .erasuresDamaged(path: path) }
            return key
        }
        let bytes = Array("\(drawID())\(drawID())\n".utf8)
        try onDisk { () throws(DiskError) in try disk.replace(path, with: bytes) }
        guard let key = ErasureKey(file: bytes) else { throw .erasuresDamaged(path: path) }
        return key
    }

    func write(_ log: ErasureLog) throws(EventStoreError) {
        try onDisk { () throws(DiskError) in
            try disk.replace("\(directory)/\(ErasureLog.fileName)", with: log.bytes)
        }
    }

    /// Takes a log over that knows more erasures than this store's own.
    package func adopt(_ log: ErasureLog) throws(EventStoreError) {
        guard log.isUnder(try erasureKey()) else { throw .erasuresForeign }
        if log.entries.count > (try erasureLog().entries.count) { try write(log) }
    }

    private func contents(of name: String) throws(EventStoreError) -> [UInt8]? {
        try onDisk { () throws(DiskError) in try disk.contents("\(directory)/\(name)") }
    }

    /// Who of the store is among the erasures of a log after the first `count`, by any identifier.
    package func identifiers(erasedIn log: ErasureLog, after count: Int) throws(EventStoreError) -> Set<ProfileNumber> {
        let key = try erasureKey()
        guard log.isUnder(key) else { throw .erasuresForeign }
        let hashes = log.hashes(after: count)
        guard !hashes.isEmpty else { return [] }
        let view = identities.view()
        return Set(
            (0..<ProfileNumber(view.count)).filter { number in
                let text = view.text(of: number)
                return !text.isEmpty && hashes.contains(key.hash(view.role(of: number), text))
            })
    }
}
