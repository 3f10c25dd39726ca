import HTTPTypes
import Hummingbird

/// Whether a request that changes something was made by one of our own pages, as its browser says.
///
/// A browser sends the cookie of a session along with whatever any site makes it send; `Origin` and `Sec-Fetch-Site` say which
/// site that was, and no page can forge them.
enum OriginCheck {
    /// - Throws: `foreign-request` unless the origin is the host that was asked.
    static func require(_ request: Request) throws(APIError) {
        guard let origin = request.headers[.origin], let authority = request.head.authority,
            host(of: origin) == authority.lowercased(),
            request.headers[.secFetchSite].map({ $0 == "same-origin" }) ?? true
        else {
            throw APIError(
                .forbidden, "foreign-request",
                "The request does not come from a page of this server. A proxy in front of it has to pass Host on.")
        }
    }

    /// Whether the browser speaks HTTPS, to a proxy in front of us; asked only when the origin is our own host.
    static func isSecure(_ request: Request) -> Bool {
        request.headers[.origin]?.lowercased().hasPrefix("https://") ?? false
    }

    /// What stands behind the scheme; nil for `null` and other schemes.
    private static func host(of origin: String) -> String? {
        let origin = origin.lowercased()
        for scheme in ["https://", "http://"] where origin.hasPrefix(scheme) {
            return String(origin.dropFirst(scheme.count))
        }
        return nil
    }

    /// Whether a method changes nothing.
    static func isSafe(_ method: HTTPRequest.Method) -> Bool { [.get, .head, .options].contains(method) }
}

extension HTTPField.Name {
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
