import HTTPTypes
import Hummingbird

/// The cookie with the token of a session.
///
/// Over HTTPS it is `__Host-shoal`, which browsers send only over HTTPS and take only from this very host. Over plain HTTP, as on
/// the machine itself, browsers refuse that name, so it is `shoal`; a session begun so is taken only with that name.
struct SessionCookie: Sendable {
    var token: String
    var isSecure: Bool

    private static let secureName = "__Host-shoal"
    private static let plainName = "shoal"

    init(token: String, isSecure: Bool) {
        self.token = token
        self.isSecure = isSecure
    }

    /// The cookie of a request; the secure one if there are both.
    init?(_ request: Request) {
        var found: [Substring: Substring] = [:]
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                if parts.count == 2, found[parts[0]] == nil { found[parts[0]] = parts[1] }
            }
        }
        if let token = found[Self.secureName[...]] {
            self.init(token: String(token), isSecure: true)
        } else if let token = found[Self.plainName[...]] {
            self.init(token: String(token), isSecure: false)
        } else {
            return nil
        }
    }

    /// What `Set-Cookie` says: no script reads it, and other sites' forms and frames do not send it.
    var field: String { field(token, seconds: Sessions.mostHours * 3_600) }

    /// What makes the browser forget it.
    static func ending(isSecure: Bool) -> String { SessionCookie(token: "", isSecure: isSecure).field("", seconds: 0) }

    private func field(_ value: String, seconds: Int64) -> String {
        let name = isSecure ? Self.secureName : Self.plainName
        return "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }
}
