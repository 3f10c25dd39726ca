package import EventModel

/// Where admins say what the workspace is called, and by which zone and currency it goes.
package struct WorkspaceView: Sendable {
    /// As it was typed.
    package struct Form: Sendable {
        package var name: String
        package var zone: String
        package var currency: String
        package var isConfirmed = false
        /// What is wrong, by the name of the field.
        package var wrong: [String: String] = [:]

        package init(name: String, zone: String, currency: String) {
            self.name = name
            self.zone = zone
            self.currency = currency
        }
    }

    let viewer: Viewer
    let form: Form
    /// What it is called when nobody says otherwise.
    let usualName: String
    let zone: Zone
    let currency: String?
    let messages: Int
    let isSaved: Bool

    package init(
        viewer: Viewer, form: Form, usualName: String, zone: Zone, currency: String?, messages: Int, isSaved: Bool
    ) {
        self.viewer = viewer
        self.form = form
        self.usualName = usualName
        self.zone = zone
        self.currency = currency
        self.messages = messages
        self.isSaved = isSaved
    }

    package var shell: Shell {
        var shell = Shell(title: "Workspace", viewer: viewer, place: .settings, body: body)
        shell.hasErrors = !form.wrong.isEmpty
        return shell
    }

    private var body: HTML {
        """
        \(Pieces.head("Workspace", back: ("/settings", "Settings"), about: "What is changed here holds at once, without a new start."))
        \(isSaved ? FormPieces.done("Saved.") : nil)
        <form class="card" method="post" action="/settings/workspace">
        \(FormPieces.line("name", "Name", form.name, hint: "Shown to everybody who is signed in. Empty: \(usualName), as the data directory is called.", wrong: form.wrong["name"]))
        \(zoneField)
        \(FormPieces.line("currency", "Currency", form.currency, hint: currencyHint, wrong: form.wrong["currency"]))
        \(messages > 0 ? FormPieces.check("confirm", "I know what another currency means", isChecked: form.isConfirmed, wrong: form.wrong["confirm"]) : nil)
        <button>Save</button>
        </form>
        """
    }

    private var zoneField: HTML {
        if messages == 0 {
            return FormPieces.line(
                "zone", "Time zone", form.zone,
                hint:
                    "Days, weeks and months begin and end by it, and times that name no zone are read in it. It can be chosen until the first message is stored. As in Europe/Berlin, or UTC.",
                wrong: form.wrong["zone"])
        }
        return """
            <div class="field"><h2>Time zone</h2><p>\(zone.identifier)</p>
            <p class="hint">It stays what it is, because times that named no zone were read in it and would otherwise mean other \
            instants. For another one, import your files into a new data directory: \
            <code>shoal import FILES --data NEW --zone ZONE</code>, or start the server there and import them in the browser.</p></div>
            """
    }

    private var currencyHint: HTML {
        """
        Three letters, as in EUR; empty: none, and amounts stay as they come. With one, amounts of messages that name another are left \
        out from then on, because the server knows no exchange rates; they stay in the originals. What is stored already keeps its \
        amounts until <code>shoal rebuild</code> reads it again.
        """
    }
}
