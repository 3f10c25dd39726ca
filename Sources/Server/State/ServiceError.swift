/// Why a service cannot start.
package enum ServiceError: Error, CustomStringConvertible {
    /// SQLite does not keep what durability rests on.
    case unsafeDatabase(String)
    case newerFormat(String)
    case notBound(host: String, port: Int, detail: String)
    /// A database beside the events cannot be read.
    case damaged(code: String, path: String, detail: String, advice: String)
    /// The key that secrets are sealed with is not to be had, or another one.
    case secretsKey(code: String, exitCode: Int32, _ detail: String, advice: String)
    /// `serving.json` cannot be written.
    case cannotTell(detail: String)
    /// The process that serves a data directory does not answer a command.
    case notReached(host: String, port: Int, detail: String)

    init(_ damage: ServiceDatabase.Damage, path: String, detail: String) {
        self = .damaged(code: damage.code, path: path, detail: detail, advice: damage.advice)
    }

    package var code: String {
        switch self {
        case .unsafeDatabase: "unsafe-database"
        case .newerFormat: "newer-format"
        case .notBound: "not-bound"
        case .damaged(let code, _, _, _), .secretsKey(let code, _, _, _): code
        case .cannotTell: "cannot-create"
        case .notReached: "server-not-reached"
        }
    }

    /// The exit code of `sysexits.h` that fits: 65 data, 69 service unavailable, 73 cannot create, 78
    /// configuration.
    package var exitCode: Int32 {
        switch self {
        case .notBound, .notReached: 69
        case .damaged: 65
        case .secretsKey(_, let exitCode, _, _): exitCode
        case .unsafeDatabase, .newerFormat, .cannotTell: 73
        }
    }

    package var description: String {
        switch self {
        case .unsafeDatabase(let name): "\(name) does not take synchronous = FULL [\(code)]"
        case .newerFormat(let name): "\(name) was written by a newer program; use that one [\(code)]"
        case .notBound(let host, let port, let detail):
            "cannot listen on \(host) port \(port): \(detail); choose another with --host and --port [\(code)]"
        case .damaged(_, let path, let detail, let advice): "\(path) is damaged (\(detail)); \(advice) [\(code)]"
        case .secretsKey(_, _, let detail, let advice): "\(detail); \(advice) [\(code)]"
        case .cannotTell(let detail):
            "serving.json can't be written in the data directory: \(detail); check its permissions and room [\(code)]"
        case .notReached(let host, let port, let detail):
            "the server at \(host) port \(port) does not answer: \(detail); is it stopping? Try again [\(code)]"
        }
    }
}
