import Crypto
package import EventModel

/// What a backup holds, in its file `BACKUP`: a line of JSON, and a line with the SHA-256 of the first one.
package struct BackupManifest: Hashable, Sendable {
    /// A file of the backup, by its path in it.
    package struct File: Hashable, Sendable {
        package let path: String
        package let size: Int
        /// SHA-256 in hexadecimal digits.
        package let digest: String
    }

    static let fileName = "BACKUP"
    /// The newest format this program reads, and the one it writes.
    static let format = 1

    package var workspace: String
    package var made: Timestamp
    /// How many messages were stored at the mark: those that were acknowledged before it, and no other.
    package var messages: Int
    /// The place in the order of arrival up to which they go.
    package var lastArrival: UInt64
    /// How many erasures the store had seen.
    package var erasures: Int
    package var files: [File] = []

    package var bytes: Int { files.reduce(0) { $0 + $1.size } }

    /// The folders that the files stand in, below that of the backup.
    var folders: [String] {
        let all = files.flatMap { file in
            let parts = file.path.split(separator: "/").dropLast()
            return parts.indices.map { parts[...$0].joined(separator: "/") }
        }
        return Set(all).sorted()
    }

    // MARK: - Bytes

    var encoded: [UInt8] { encoded(format: Self.format) }

    func encoded(format: Int) -> [UInt8] {
        let files = files.map { file in
            JSONValue.object(
                JSONObject([
                    ("path", .string(Text(file.path))), ("size", .number(Decimal128(file.size))),
                    ("sha256", .string(Text(file.digest))),
                ]))
        }
        let line = JSONWriter.bytes(
            of: .object(
                JSONObject([
                    ("backup", .number(Decimal128(format))), ("workspace", .string(Text(workspace))),
                    ("made", .string(Text(made.iso8601))), ("messages", .number(Decimal128(messages))),
                    ("lastArrival", .number(Decimal128(Int(clamping: lastArrival)))),
                    ("erasures", .number(Decimal128(erasures))), ("files", .array(files)),
                ])))
        return line + [0x0A] + Array(Self.digest(line).utf8) + [0x0A]
    }

    /// - Throws: `backup-damaged`, `backup-newer-format`.
    init(_ bytes: [UInt8], path: String) throws(BackupError) {
        let lines = bytes.split(separator: 0x0A)
        guard lines.count == 2, Self.digest(Array(lines[0])) == String(decoding: lines[1], as: UTF8.self),
            let json = try? JSONReader.parse(Array(lines[0]), limits: Limits.JSON(bytes: 1 << 30, values: 1 << 24))
                .object,
            let format = json["backup"]?.decimal?.asInt()
        else { throw .damaged(path: path, what: "its own digest does not match") }
        guard format <= Self.format else { throw .newerFormat(path: path, found: format, supported: Self.format) }
        guard let workspace = json["workspace"]?.text, let madeText = json["made"]?.text,
            let made = Timestamp(iso8601: madeText, zone: .utc), let messages = json["messages"]?.decimal?.asInt(),
            let arrival = json["lastArrival"]?.decimal?.asInt(), let last = UInt64(exactly: arrival),
            let erasures = json["erasures"]?.decimal?.asInt(), let files = json["files"]?.elements
        else { throw .damaged(path: path, what: "a member is missing") }
        self.workspace = workspace.string
        self.made = made
        self.messages = messages
        lastArrival = last
        self.erasures = erasures
        for file in files {
            guard let name = file.object?["path"]?.text?.string, let size = file.object?["size"]?.decimal?.asInt(),
                let digest = file.object?["sha256"]?.text?.string, Self.isBelow(name)
            else { throw .damaged(path: path, what: "a file is not described") }
            self.files.append(File(path: name, size: size, digest: digest))
        }
    }

    init(workspace: String, made: Timestamp, messages: Int, lastArrival: UInt64, erasures: Int) {
        self.workspace = workspace
        self.made = made
        self.messages = messages
        self.lastArrival = lastArrival
        self.erasures = erasures
    }

    /// Whether a path stays in the folder it starts from.
    private static func isBelow(_ path: String) -> Bool {
        !path.isEmpty && !path.hasPrefix("/")
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !["", ".", ".."].contains($0)
            }
    }

    private static func digest(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
