import EventModel
import Foundation
import Glibc

/// `serving.json` in a data directory: where the process that serves it listens for commands on the same machine, and the
/// token that they show it. Only the owner may read it.
///
/// ```
/// {"host": "127.0.0.1", "port": 8080, "process": 4711, "token": "64 hexadecimal digits"}
/// ```
package struct ServingFile: Hashable, Sendable {
    package var host: String
    package var port: Int
    package var process: Int32
    package var token: String

    private static let name = "serving.json"

    init(host: String, port: Int, token: String) {
        self.host = host
        self.port = port
        process = getpid()
        self.token = token
    }

    /// What stands in a data directory. After a kill the file is still there: it counts only when `process` has the
    /// directory's lock.
    package init?(in directory: String) {
        guard let data = FileManager.default.contents(atPath: "\(directory)/\(Self.name)"),
            let json = try? JSONReader.parse(Array(data)).object, let host = json["host"]?.text?.string,
            let port = json["port"]?.decimal?.asInt(), let process = json["process"]?.decimal?.asInt(),
            let token = json["token"]?.text?.string
        else { return nil }
        self.host = host
        self.port = port
        self.process = Int32(truncatingIfNeeded: process)
        self.token = token
    }

    /// The address to call: one that listens everywhere is called at home.
    var address: String {
        switch host {
        case "0.0.0.0", "": "127.0.0.1"
        case "::", "[::]": "::1"
        default: host
        }
    }

    /// A token nobody can guess.
    static func drawToken(_ random: any RandomSource) -> String {
        (0..<4).map { _ in
            let digits = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Puts the file in place, in one step.
    func write(to directory: String) throws {
        let json = JSONValue.object(
            JSONObject([
                ("host", .string(Text(host))), ("port", .number(Decimal128(port))),
                ("process", .number(Decimal128(Int(process)))), ("token", .string(Text(token))),
            ]))
        let bytes = JSONWriter.bytes(of: json) + [0x0A]
        let temporary = "\(directory)/\(Self.name).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ServiceError.cannotTell(detail: String(cString: strerror(errno))) }
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        guard written == bytes.count, rename(temporary, "\(directory)/\(Self.name)") == 0 else {
            throw ServiceError.cannotTell(detail: String(cString: strerror(errno)))
        }
    }

    /// Removes the file, if it is still this one.
    func remove(from directory: String) {
        if ServingFile(in: directory) == self { unlink("\(directory)/\(Self.name)") }
    }
}
