import EventModel
import Foundation
import HTTPTypes
import Hummingbird

/// A page for people: a title, a body, and what surrounds them on all pages.
struct Page {
    var title: String
    /// Who is signed in, for the bar on top; nil: there is none.
    var user: User?
    var body: HTML
    /// A script of our own, run once the page is there.
    var script: HTML?
    var status: HTTPResponse.Status = .ok
    /// Whether something that was typed is wrong; screen readers say the title first.
    var hasErrors = false

    /// The answer with the page. It stands nowhere else, loads nothing, and runs only what it brings along.
    var response: Response {
        let nonce = RandomToken(SystemRandom()).text
        var response = Response(text: html(nonce).text, type: "text/html; charset=utf-8", status: status)
        response.headers[.contentSecurityPolicy] = """
            default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; img-src data:; \
            form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'
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

    private func html(_ nonce: String) -> HTML {
        let script: HTML? = script.map { "<script nonce=\"\(nonce)\">\($0)</script>\n" }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>\(hasErrors ? "Error: " : "")\(title) · Shoal</title>
            <link rel="icon" href="\(Self.icon)">
            <style nonce="\(nonce)">\(PageStyle.text)</style>
            </head>
            <body>
            <a class="skip" href="#main">To the content</a>
            \(bar)
            <main id="main">
            \(body)
            </main>
            \(script)</body>
            </html>

            """
    }

    private var bar: HTML? {
        guard let user else { return nil }
        return """
            <header class="bar">
            <a class="brand" href="/">\(Self.mark) Shoal</a>
            <nav aria-label="You">
            <span class="who">\(user.name.string)<small>\(user.email.text), \(user.role.rawValue)</small></span>
            <form method="post" action="/logout"><button class="quiet">Sign out</button></form>
            </nav>
            </header>
            """
    }

    /// Three fish that swim together.
    static let mark: HTML = """
        <svg class="mark" viewBox="0 0 64 64" aria-hidden="true" focusable="false">\
        <path d="M20 14c8-7 20-7 28 0-8 7-20 7-28 0l-7 5V9z"/>\
        <path d="M10 32c8-7 20-7 28 0-8 7-20 7-28 0l-7 5V27z"/>\
        <path d="M27 50c8-7 20-7 28 0-8 7-20 7-28 0l-7 5V45z"/></svg>
        """

    private static let icon = """
        data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64' fill='%230b7285'%3E\
        %3Cpath d='M20 14c8-7 20-7 28 0-8 7-20 7-28 0l-7 5V9zM10 32c8-7 20-7 28 0-8 7-20 7-28 0l-7 5V27z\
        M27 50c8-7 20-7 28 0-8 7-20 7-28 0l-7 5V45z'/%3E%3C/svg%3E
        """
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
