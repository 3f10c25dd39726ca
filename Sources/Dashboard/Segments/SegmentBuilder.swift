package import EventModel
package import SegmentLanguage

/// The page on which a segment is made or changed: its text, and the same as a tree that can be clicked.
///
/// Without scripts the text alone is there, with a button that checks it and one that saves it.
package struct SegmentBuilder: Sendable {
    /// What a check found; nil before one.
    package struct Outcome: Sendable {
        /// A line each, with its place in the text.
        package let problems: [String]
        package let isRefused: Bool
        /// Of the segment as it was typed.
        package let size: Int?
        package let population: Int

        package init(problems: [String], isRefused: Bool, size: Int?, population: Int) {
            self.problems = problems
            self.isRefused = isRefused
            self.size = size
            self.population = population
        }
    }

    let viewer: Viewer
    /// The segment that is changed; nil for a new one.
    let name: Text?
    let title: String?
    /// As it was typed, or as it is.
    let text: String
    let outcome: Outcome?
    /// What the tree's lists offer.
    let segments: [(name: Text, title: String)]
    let metrics: [(name: Text, title: String)]

    package init(
        viewer: Viewer, name: Text?, title: String?, text: String, outcome: Outcome?, program: Program
    ) {
        self.viewer = viewer
        self.name = name
        self.title = title
        self.text = text
        self.outcome = outcome
        segments = program.segments.map { ($0.name, $0.title?.string ?? $0.name.string) }
        metrics =
            [("net_orders", "Net orders"), ("net_revenue", "Net revenue")]
            + program.metrics.filter { !$0.name.string.hasPrefix("$") }
            .map { ($0.name, $0.title?.string ?? $0.name.string) }
    }

    /// What a new segment begins with: something that is true of somebody in every store.
    package static let start = """
        segment new_segment "New segment":
          did "Order Completed" at least 2 times in last 90 days
        """

    package var shell: Shell {
        var shell = Shell(
            title: name.map { "Edit \($0)" } ?? "New segment", viewer: viewer, place: .segments, body: body,
            scripts: ["builder.js"])
        shell.hasErrors = outcome?.isRefused ?? false
        return shell
    }

    private var path: String { name.map { "/segments/\(pathPart($0.string))/edit" } ?? "/segments/new" }

    private var body: HTML {
        let back = name.map { ("/segments/\(pathPart($0.string))", title ?? $0.string) } ?? ("/segments", "Segments")
        return """
            \(Pieces.head(name == nil ? "New segment" : "Edit \(title ?? "")", back: back, about: """
                The text and the tree are the same definition: change either. Nothing is saved before you say so.
                """))
            <form class="builder" id="builder" method="post" action="\(path)" data-name="\(name?.string ?? "")">
            <div class="stack">
            <section class="card" aria-labelledby="tree-title" id="tree-card" hidden>
            <header><h2 id="tree-title">By clicking</h2></header>
            <div class="tree" id="tree"></div>
            </section>
            <section class="card"><header><h2><label for="definition">As text</label></h2></header>
            <textarea id="definition" name="definition" spellcheck="false" autocapitalize="none" rows="12" \
            aria-describedby="problems">\(text)</textarea>
            <div id="problems" aria-live="polite">\(problems)</div>
            </section>
            </div>
            <section class="card live" id="live" aria-live="polite" aria-busy="false">
            <h2>Who would be in it</h2>
            <div id="count">\(count)</div>
            <p class="actions">\(buttons)</p>
            </section>
            </form>
            \(options("event-names", []))
            \(lists)
            """
    }

    private var buttons: HTML {
        """
        <button name="action" value="save">\(name == nil ? "Save" : "Save as a new version")</button>
        <button class="quiet" name="action" value="check" id="check">Check</button>
        """
    }

    private var problems: HTML? {
        guard let outcome, !outcome.problems.isEmpty else { return nil }
        let lines = outcome.problems.map { "<li>\($0)</li>\n" as HTML }
        return "<ul class=\"problems\">\n\(lines)</ul>"
    }

    private var count: HTML {
        guard let outcome, let size = outcome.size else {
            return "<p class=\"soft\">Check the definition to see how many profiles it has.</p>"
        }
        return """
            <p class="size">\(grouped(size))</p>
            <p class="soft">\(percentage(size, of: outcome.population)) of \(grouped(outcome.population)) profiles</p>
            """
    }

    /// What the tree offers to choose from; names of events and their properties are asked for when they are needed.
    private var lists: HTML {
        """
        <datalist id="segment-names">\(segments.map(Self.option))</datalist>
        <datalist id="metric-names">\(metrics.map(Self.option))</datalist>
        """
    }

    private func options(_ id: String, _ names: [(name: Text, title: String)]) -> HTML {
        "<datalist id=\"\(id)\">\(names.map(Self.option))</datalist>"
    }

    private static func option(_ entry: (name: Text, title: String)) -> HTML {
        "<option value=\"\(entry.name.string)\">\(entry.title)</option>"
    }
}
