import Dashboard
import EventModel
import HTTPTypes
import Hummingbird

/// A page as an answer.
struct Page {
    var shell: Shell
    var status: HTTPResponse.Status = .ok

    init(_ shell: Shell, status: HTTPResponse.Status = .ok) {
        self.shell = shell
        self.status = status
    }

    /// The answer with the page. It stands nowhere else, and runs only what is ours.
    var response: Response {
        let nonce = RandomToken(SystemRandom()).text
        var response = Response(text: shell.html(nonce: nonce).text, type: "text/html; charset=utf-8", status: status)
        response.headers[.contentSecurityPolicy] = """
            default-src 'none'; script-src 'nonce-\(nonce)' 'self'; style-src 'self'; img-src 'self' data:; \
            connect-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'
            """
        response.headers[.xFrameOptions] = "DENY"
        // With no-referrer the browser would call the origin of our own forms null.
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.crossOriginOpenerPolicy] = "same-origin"
        response.headers[.crossOriginResourcePolicy] = "same-origin"
        response.headers[.permissionsPolicy] = "camera=(), geolocation=(), microphone=()"
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// The answer, saying after how many seconds the same may be tried again if an error says so.
    func response(_ error: APIError?) -> Response {
        var response = response
        if let retryAfter = error?.retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        return response
    }
}

extension User {
    /// As pages know them.
    ///
    /// - Parameter workspace: what it is called, if that is known.
    func viewer(of workspace: String? = nil) -> Viewer {
        Viewer(
            name: name.string, email: email.text, role: role.rawValue, mayEdit: role >= .editor,
            isAdmin: role >= .admin, workspace: workspace)
    }
}

extension ServerContext {
    /// Who is signed in.
    var user: User? { if case .user(let user, _)? = actor { user } else { nil } }

    /// Who looks at a page that only users see.
    func viewer() throws(APIError) -> Viewer {
        guard let user else { throw .sessionEnded }
        return user.viewer(of: workspace)
    }
}

extension APIError {
    static let sessionEnded = APIError(.unauthorized, "session-ended", "The session has ended; sign in again.")
}

extension Response {
    /// Sends the browser to another of our pages, to be read.
    static func seeOther(_ path: String) -> Response {
        var headers = HTTPFields()
        headers[.location] = path
        headers[.cacheControl] = "no-store"
        return Response(status: .seeOther, headers: headers)
    }
}

extension HTTPField.Name {
    static let xFrameOptions = HTTPField.Name("X-Frame-Options")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
    static let permissionsPolicy = HTTPField.Name("Permissions-Policy")!
}
