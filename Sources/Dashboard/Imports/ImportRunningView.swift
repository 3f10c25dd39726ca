package import Connectors
package import EventModel

/// A file while it is being imported.
package struct ImportRunningView: Sendable {
    let viewer: Viewer
    let account: ImportAccount
    let figures: ImportProgressFigures

    package init(viewer: Viewer, account: ImportAccount, progress: ImportProgress, isStopping: Bool) {
        self.viewer = viewer
        self.account = account
        figures = ImportProgressFigures(progress: progress, isStopping: isStopping)
    }

    package var shell: Shell {
        var shell = Shell(title: account.name, viewer: viewer, place: .data, body: body, scripts: ["import.js"])
        shell.refreshSeconds = 2
        shell.refreshesWithoutScripts = true
        return shell
    }

    private var body: HTML {
        let (share, progress, isStopping) = (figures.share, figures.progress, figures.isStopping)
        return """
            \(Pieces.head(account.name, back: ("/data/import", "Import"), about: "\(byteSize(account.bytes)). Messages are taken meanwhile, and segments follow."))
            <section class="card stack" id="running" data-id="\("\(account.id)")"><h2>Importing</h2>
            <p id="words" role="status">\(figures.words)</p>
            <progress id="share" max="1" value="\("\(share)")" aria-label="Imported">\(percentage(share))</progress>
            <dl class="facts"><dt>Done</dt><dd id="percent">\(percentage(share))</dd><dt>Rows read</dt><dd id="rows">\(grouped(progress.rows))</dd>\
            <dt>Rejected</dt><dd id="rejected">\(grouped(progress.rejected))</dd></dl>
            <form method="post" action="\(account.path)" class="actions">\
            <button class="quiet" name="do" value="stop"\(isStopping ? " disabled" as HTML : nil)>Stop</button>
            <span class="soft">What was taken until then stays; the same file again goes on from there.</span></form>
            </section>
            """
    }
}

/// How far an import is.
package struct ImportProgressFigures: Sendable {
    let progress: ImportProgress
    let isStopping: Bool

    package init(progress: ImportProgress, isStopping: Bool) {
        self.progress = progress
        self.isStopping = isStopping
    }

    /// For the script that shows it, and for programs.
    package var json: JSONValue {
        .object([
            ("stage", .text(progress.stage == .reading ? "reading" : "storing")), ("rows", .count(progress.rows)),
            ("rejected", .count(progress.rejected)), ("share", Decimal128(share).map { .number($0) }),
            ("stopping", .bool(isStopping)), ("words", .text(words)),
        ])
    }

    /// Of the whole, 0...1 with three places: reading a file is the larger half of the work where orders wait for its end.
    var share: Double {
        func part(_ done: Int64, _ total: Int64) -> Double { total > 0 ? min(1, Double(done) / Double(total)) : 0 }
        let share =
            switch progress.stage {
            case .reading: 0.9 * part(progress.bytesDone, progress.bytesTotal)
            case .storing: 0.9 + 0.1 * part(Int64(progress.rowsStored), Int64(progress.rows))
            }
        return (share * 1_000).rounded() / 1_000
    }

    var words: String {
        if isStopping { return "Stopping: what was taken is being stored." }
        return progress.stage == .reading
            ? "Reading the file, and storing what stands by itself."
            : "The file is read; the rest of it is being stored."
    }
}
