import Dashboard
import HTTPTypes
import Hummingbird

/// Where somebody goes who signed in again: the page on which the session had ended.
struct ReturnPath: Sendable {
    /// A path of our own with its query.
    let path: String

    private static let longest = 2_000

    /// Nil for the start page, and for whatever a browser might take for another site.
    init?(_ text: String) {
        let isOurs =
            text.hasPrefix("/") && !text.hasPrefix("//") && text.utf8.count <= Self.longest
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        guard isOurs, text != "/", !["/login", "/logout"].contains(text.prefix { $0 != "?" }) else { return nil }
        path = text
    }

    /// The page for signing in, which leads back: to what was asked, or to where a form was sent from.
    static func login(after request: Request) -> String {
        let asked = request.method == .get || request.method == .head ? request.uri.description : form(of: request)
        // What was sent is gone, and nobody shall think that it was saved.
        let isLost = request.method != .get && request.method != .head && request.uri.path != "/logout"
        let lost = isLost ? "unsaved" : ""
        guard let asked, let back = ReturnPath(asked) else { return isLost ? "/login?\(lost)" : "/login" }
        return "/login?back=\(pathPart(back.path))\(isLost ? "&\(lost)" : "")"
    }

    /// The page of our own that a form stood on.
    private static func form(of request: Request) -> String? {
        guard let referrer = request.headers[.referer], let authority = request.head.authority,
            let start = referrer.firstRange(of: "://\(authority)/")
        else { return nil }
        return "/" + referrer[start.upperBound...]
    }

    /// Carries it through the form.
    var field: HTML { "<input type=\"hidden\" name=\"back\" value=\"\(path)\">\n" }
}
