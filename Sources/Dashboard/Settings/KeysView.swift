package import EventModel

/// The keys that messages and programs come with; admins make and disable them here.
package struct KeysView: Sendable {
    package struct Entry: Sendable {
        /// In paths.
        let id: String
        let name: String
        let isSecret: Bool
        let shown: String
        let created: Timestamp
        let isDisabled: Bool

        package init(id: String, name: String, isSecret: Bool, shown: String, created: Timestamp, isDisabled: Bool) {
            self.id = id
            self.name = name
            self.isSecret = isSecret
            self.shown = shown
            self.created = created
            self.isDisabled = isDisabled
        }
    }

    let viewer: Viewer
    let keys: [Entry]
    /// The key that was just made, shown this once.
    let made: (name: String, text: String)?
    /// As it was typed.
    let typed: (name: String, kind: String)
    let wrong: String?
    /// What was just done.
    let done: String?
    let zone: Zone

    package init(
        viewer: Viewer, keys: [Entry], made: (name: String, text: String)?, typed: (name: String, kind: String),
        wrong: String?, done: String?, zone: Zone
    ) {
        self.viewer = viewer
        self.keys = keys
        self.made = made
        self.typed = typed
        self.wrong = wrong
        self.done = done
        self.zone = zone
    }

    package var shell: Shell {
        var shell = Shell(title: "Keys", viewer: viewer, place: .settings, body: body)
        shell.hasErrors = wrong != nil
        return shell
    }

    private static let kinds = [
        ("write", "Write: for pages and apps; may only append"),
        ("secret", "Secret: for servers; may read everything and change segments and webhooks"),
    ]

    private var body: HTML {
        """
        \(Pieces.head("Keys", back: ("/settings", "Settings"), about: "Pages, apps and servers send messages with a key, and programs read with a secret one. A key that is disabled is refused at once, for good."))
        \(made.map { FormPieces.once("This is the key <strong>\($0.name)</strong>. A secret key is shown only now.", $0.text, button: "Copy the key") })
        \(FormPieces.done(done))
        <section class="card flush" aria-label="Keys">\(table)</section>
        <section class="card"><h2>A new key</h2>
        <form method="post" action="/settings/keys"><div class="grid">
        \(FormPieces.line("name", "Name", typed.name, hint: "It is the source of what comes with the key, as in web, app or warehouse.", wrong: wrong, " required"))
        \(FormPieces.choice("kind", "Kind", typed.kind, Self.kinds))
        </div><button>Make a key</button></form></section>
        """
    }

    private var table: HTML {
        let columns: [Pieces.Column] = [
            .text("Name"), .text("Kind"), .text("Key"), .text("Since"), .text("State"), .text("Change"),
        ]
        return Pieces.table(
            counted(keys.count, "key"), columns,
            keys.map { key in
                let disable: HTML = """
                    <details><summary class="nowrap">Disable…</summary><form method="post" action="/settings/keys/\(key.id)"><p class="soft">Whoever uses it \
                    is refused from then on. It cannot be taken back.</p><button class="danger">Disable \(key.name)</button></form></details>
                    """
                return [
                    "\(key.name)", "\(key.isSecret ? "secret" : "write")", "<code>\(key.shown)</code>",
                    Pieces.day(key.created, in: zone),
                    key.isDisabled ? Pieces.tag("disabled", "bad") : Pieces.tag("active", "good"),
                    key.isDisabled ? "–" : disable,
                ]
            })
    }
}
