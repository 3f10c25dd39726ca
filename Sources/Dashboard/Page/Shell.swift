/// A page for people: a title, a body, and what surrounds them on all pages.
package struct Shell: Sendable {
    package var title: String
    /// Who is signed in; nil: the page stands alone, without navigation.
    package var viewer: Viewer?
    /// Where the page belongs.
    package var place: Place?
    package var body: HTML
    /// Names of our own assets, loaded as modules once the page is there.
    package var scripts: [String] = []
    /// Names of our own style sheets, beside the one of all pages.
    package var styles: [String] = []
    /// A script of the page alone, run once the page is there.
    package var inlineScript: HTML?
    /// Whether something that was typed is wrong; screen readers say the title first.
    package var hasErrors = false
    /// After so many seconds the page is loaded again, because something in it is still being computed.
    package var refreshSeconds: Int?
    /// Whether a script does so where there are scripts.
    package var refreshesWithoutScripts = false

    package init(title: String, viewer: Viewer? = nil, place: Place? = nil, body: HTML, scripts: [String] = []) {
        self.title = title
        self.viewer = viewer
        self.place = place
        self.body = body
        self.scripts = scripts
    }

    /// The whole document.
    ///
    /// - Parameter nonce: with it the page's own scripts run, and no others that stand in the page.
    package func html(nonce: String) -> HTML {
        let assets = Assets.shared
        let style = (["dashboard.css"] + styles).compactMap { assets[$0] }.map { asset -> HTML in
            "<link rel=\"stylesheet\" href=\"\(asset.path)\">\n"
        }
        let modules = (["dashboard.js"] + scripts).compactMap { assets[$0] }.map { asset -> HTML in
            "<script type=\"module\" src=\"\(asset.path)\"></script>\n"
        }
        let inline: HTML? = inlineScript.map { "<script nonce=\"\(nonce)\">\($0)</script>\n" }
        let meta: HTML? = refreshSeconds.map { "<meta http-equiv=\"refresh\" content=\"\("\($0)")\">\n" }
        let refresh: HTML? = refreshesWithoutScripts ? "<noscript>\(meta)</noscript>\n" : meta
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            \(refresh)<title>\(hasErrors ? "Error: " : "")\(title) · Shoal</title>
            <link rel="icon" href="\(Self.icon)">
            <script nonce="\(nonce)">\(Self.themeScript)</script>
            \(style)<script type="importmap" nonce="\(nonce)">\(Self.importMap)</script>
            \(modules)</head>
            \(frame)
            \(inline)</body>
            </html>

            """
    }

    private var frame: HTML {
        guard let viewer else {
            return """
                <body class="plain">
                <a class="skip" href="#main">To the content</a>
                <main id="main">
                \(body)
                </main>
                """
        }
        return """
            <body class="app">
            <a class="skip" href="#main">To the content</a>
            <header class="rail">
            <a class="brand" href="/">\(Self.mark) Shoal</a>
            <nav aria-label="Main">\(places)</nav>
            \(you(viewer))
            </header>
            <header class="top">
            <a class="brand" href="/">\(Self.mark) Shoal</a>
            <details class="menu"><summary>Menu</summary>
            <div><nav aria-label="Main, small">\(places)</nav>
            \(you(viewer))</div>
            </details>
            </header>
            <main id="main"><div class="page">
            \(body)
            </div></main>
            """
    }

    private var places: HTML {
        let groups = Place.groups.map { title, places -> HTML in
            let links = places.map { place -> HTML in
                let current: HTML? = place == self.place ? " aria-current=\"page\"" : nil
                return "<li><a href=\"\(place.path)\"\(current)>\(place.icon)\(place.title)</a></li>\n"
            }
            let title: HTML? = title.map { "<p class=\"group-title\">\($0)</p>\n" }
            return "\(title)<ul class=\"places\">\n\(links)</ul>\n"
        }
        return groups.joined
    }

    private func you(_ viewer: Viewer) -> HTML {
        """
        <div class="you">
        \(viewer.workspace.map { "<div class=\"workspace\">\($0)</div>\n" as HTML })\
        <div class="who">\(viewer.name)<small>\(viewer.email), \(viewer.role)</small></div>
        <div class="row"><form method="post" action="/logout"><button class="quiet">Sign out</button></form>
        <button class="quiet" type="button" data-theme-switch hidden>Dark</button></div>
        </div>
        """
    }

    /// Three fish that swim together.
    package static let mark: HTML = """
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

    /// Scripts import each other by their names, which stand here for their paths.
    private static let importMap: HTML = {
        let scripts = Assets.shared.all.filter { $0.name.hasSuffix(".js") }
        let entries = scripts.enumerated().map { index, asset -> HTML in
            let comma: HTML? = index > 0 ? "," : nil
            return "\(comma)\u{22}/assets/\(asset.name)\u{22}:\u{22}\(asset.path)\u{22}"
        }
        return "{\u{22}imports\u{22}:{\(entries)}}"
    }()

    /// Sets the colours that somebody chose before anything is drawn.
    private static let themeScript: HTML = """
        try { const t = localStorage.getItem("theme"); if (t) document.documentElement.dataset.theme = t; } catch {}
        """
}
