package import Connectors
package import EventModel

/// A file before it is imported: what was recognised, what its first rows become, and what can be chosen.
package struct ImportWaitingView: Sendable {
    let viewer: Viewer
    let account: ImportAccount
    let form: ImportForm
    let glance: FileGlance?
    let result: Result<ImportPreview, ImportError>
    /// Why it could not be begun.
    let alert: String?
    let workspaceZone: Zone

    package init(
        viewer: Viewer, account: ImportAccount, form: ImportForm, glance: FileGlance?,
        result: Result<ImportPreview, ImportError>, alert: String?, workspaceZone: Zone
    ) {
        self.viewer = viewer
        self.account = account
        self.form = form
        self.glance = glance
        self.result = result
        self.alert = alert
        self.workspaceZone = workspaceZone
    }

    package var shell: Shell {
        var shell = Shell(title: account.name, viewer: viewer, place: .data, body: body)
        if case .failure = result { shell.hasErrors = true }
        if !form.wrong.isEmpty || alert != nil { shell.hasErrors = true }
        return shell
    }

    var preview: ImportPreview? { try? result.get() }

    private var body: HTML {
        let alert: HTML? = alert.map { "<p class=\"alert\" role=\"alert\">\($0)</p>" }
        return """
            \(Pieces.head(account.name, back: ("/data/import", "Import"), about: "\(byteSize(account.bytes)). Nothing of it is stored yet."))
            \(alert)\(form.wrong.isEmpty ? outcome : unclear)
            <form method="post" action="\(account.path)" class="stack" id="import">
            \(choices)
            <div class="actions"><button class="quiet" name="do" value="look">Look again</button>
            \(preview == nil ? nil : "<button name=\"do\" value=\"import\">Import it</button>" as HTML)
            <button class="quiet" name="do" value="discard">Discard the file</button></div>
            </form>
            \(preview.map { ImportPreviewCards(preview: $0).html })
            """
    }

    private var unclear: HTML {
        "<p class=\"alert\" role=\"alert\">Something below cannot be; the preview still shows how the file was read before.</p>"
    }

    private var outcome: HTML {
        switch result {
        case .success(let preview):
            return """
                <div class="note" role="status"><p><strong>\(preview.plan.format.title.capitalizedFirst)</strong>, recognised \(reason(of: preview)). \
                \(ImportPreviewCards(preview: preview).manner)</p></div>
                """
        case .failure(let error):
            let problem = ImportProblem(error, file: account.name)
            return """
                <div class="alert" role="alert"><p><strong>This file cannot be imported like this.</strong> \(problem.what)</p>
                <p>\(problem.help) <span class="soft">[\(problem.code)]</span></p></div>
                """
        }
    }

    /// Why, in words of this page: the command's name for what was said is `--as`.
    private func reason(of preview: ImportPreview) -> String {
        guard let kind = ImportKind(rawValue: form.kind) else { return preview.plan.reason }
        return preview.plan.reason.replacing("--as \(kind.rawValue), and", with: "as you said, with")
            .replacing("--as \(kind.rawValue)", with: "as you said")
    }
}
