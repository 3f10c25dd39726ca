/// The addresses of one-time links. The token stands behind the `#`: browsers send it nowhere, so no log and no other site
/// gets to see it.
package enum SetupLink {
    /// Where the first user is set up.
    package static func first(_ token: String, at base: String) -> String { base + "/setup#" + token }

    /// Where a user chooses a password.
    package static func user(_ token: String, at base: String) -> String { base + "/choose-password#" + token }

    /// The address of a server that listens on a host and port, as a browser on the same machine writes it.
    package static func base(host: String, port: Int) -> String {
        switch host {
        case "0.0.0.0", "::", "127.0.0.1", "::1": "http://localhost:\(port)"
        default: "http://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
        }
    }
}
