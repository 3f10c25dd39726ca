import Dashboard
import EventModel
import HTTPTypes
import Hummingbird

/// A page with one card in the middle: a form, or a message.
enum LonePage {
    /// - Parameters:
    ///   - introduction: what stands under the title.
    ///   - alert: what went wrong with the whole.
    static func page(
        _ title: String, introduction: HTML? = nil, alert: String? = nil, _ content: HTML, script: HTML? = nil,
        user: User? = nil, status: HTTPResponse.Status = .ok, hasErrors: Bool = false
    ) -> Page {
        let alert: HTML? = alert.map { "<p class=\"alert\" role=\"alert\">\($0)</p>\n" }
        // With somebody signed in, it stands in the bar on top.
        let logo: HTML? = user == nil ? "<p class=\"logo\">\(Shell.mark) Shoal</p>\n" : nil
        let body: HTML = """
            <div class="lone">
            \(logo)<section class="card">
            <h1>\(title)</h1>
            \(introduction)
            \(alert)\(content)
            </section>
            </div>
            """
        var shell = Shell(title: title, viewer: user?.viewer(), body: body)
        shell.inlineScript = script
        shell.hasErrors = hasErrors || alert != nil
        return Page(shell, status: status)
    }

    /// A form that is sent to the page's own path.
    ///
    /// - Parameter more: what nobody sees.
    static func form(_ action: String, _ fields: [FormField], _ more: HTML? = nil, button: String) -> HTML {
        let focus = fields.firstIndex { $0.wrong != nil }
        let shown = fields.enumerated().map { index, field in
            var field = field
            field.isFocused = index == focus
            return field.html
        }
        return """
            <form method="post" action="\(action)" novalidate>
            \(more)\(shown)\(FormField.passwordSwitch)<button>\(button)</button>
            </form>
            """
    }
}

/// What went wrong, for people.
struct ErrorPage {
    let response: Response

    /// - Parameter user: who is signed in, as far as that is known.
    init(_ error: APIError, user: User? = nil) {
        let isMissing = error.status == .notFound
        let page = LonePage.page(
            isMissing ? "There is nothing here" : "That did not work",
            "<p>\(error.message)</p>\n<p><a href=\"/\">To the start page</a></p>", user: user, status: error.status,
            hasErrors: true)
        response = page.response(error)
    }
}
