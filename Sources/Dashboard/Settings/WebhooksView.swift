package import EventModel

/// The addresses that are told of changes; admins look after them here.
package struct WebhooksView: Sendable {
    let viewer: Viewer
    let hooks: [WebhookFacts]
    let form: WebhookForm
    let alert: String?
    let done: String?
    let zone: Zone

    package init(
        viewer: Viewer, hooks: [WebhookFacts], form: WebhookForm, alert: String?, done: String?, zone: Zone
    ) {
        self.viewer = viewer
        self.hooks = hooks
        self.form = form
        self.alert = alert
        self.done = done
        self.zone = zone
    }

    package var shell: Shell {
        var shell = Shell(title: "Webhooks", viewer: viewer, place: .settings, body: body)
        shell.hasErrors = alert != nil || !form.wrong.isEmpty
        return shell
    }

    private var body: HTML {
        """
        \(Pieces.head("Webhooks", back: ("/settings", "Settings"), about: "Your servers are told when somebody enters or leaves a segment: a signed message for each change, in order, until it is taken."))
        \(FormPieces.alert(alert))\(FormPieces.done(done))
        \(list)
        <section class="card"><h2>A new webhook</h2><form method="post" action="/settings/webhooks">
        \(form.fields)<button>Make it</button></form></section>
        """
    }

    private var list: HTML {
        guard !hooks.isEmpty else {
            return Pieces.empty("No webhooks yet", "Make one below: its secret is shown once.")
        }
        let columns: [Pieces.Column] = [
            .text("Address"), .text("Segments"), .text("State"), .number("Waiting"), .number("Given up"),
        ]
        return """
            <section class="card flush" aria-label="Webhooks">\(Pieces.table(counted(hooks.count, "webhook"), columns, hooks.map { hook in
                [
                    "<a href=\"\(hook.path)\">\(hook.url)</a><span class=\"under\">\(hook.about)</span>", "\(hook.segmentWords)",
                    hook.state, "\(grouped(hook.waiting))", "\(grouped(hook.deadLetters))",
                ]
            }))</section>
            """
    }
}

/// One of them, with what was sent.
package struct WebhookView: Sendable {
    let viewer: Viewer
    let hook: WebhookFacts
    /// The newest first.
    let attempts: [WebhookAttemptFacts]
    let letters: [DeadLetterFacts]
    let form: WebhookForm
    /// Shown this once.
    let secret: String?
    let alert: String?
    let done: String?
    let zone: Zone

    package init(
        viewer: Viewer, hook: WebhookFacts, attempts: [WebhookAttemptFacts], letters: [DeadLetterFacts],
        form: WebhookForm, secret: String?, alert: String?, done: String?, zone: Zone
    ) {
        self.viewer = viewer
        self.hook = hook
        self.attempts = attempts
        self.letters = letters
        self.form = form
        self.secret = secret
        self.alert = alert
        self.done = done
        self.zone = zone
    }

    package var shell: Shell {
        var shell = Shell(title: "Webhook", viewer: viewer, place: .settings, body: body)
        shell.hasErrors = alert != nil || !form.wrong.isEmpty
        return shell
    }

    private func action(_ name: String, _ label: String, _ style: String = "quiet") -> HTML {
        "<form method=\"post\" action=\"\(hook.path)\"><button class=\"\(style)\" name=\"do\" value=\"\(name)\">\(label)</button></form>\n"
    }

    private var body: HTML {
        """
        \(Pieces.head("Webhook", back: ("/settings/webhooks", "Webhooks"), about: "\(hook.url)", actions: """
            \(action("test", "Send a test message"))\(hook.pause == nil ? action("pause", "Pause") : action("resume", "Go on", ""))
            """))
        \(FormPieces.alert(alert))\(FormPieces.done(done))
        \(secret.map { FormPieces.once("This is its secret; its receiver checks signatures with it. It is shown only now.", $0, button: "Copy the secret") })
        <div class="halves wide-first"><div class="stack">\(state)\(sent)\(given)</div>
        <div class="stack"><section class="card"><h2>Change it</h2><form method="post" action="\(hook.path)">
        \(form.fields)<button name="do" value="change">Save</button></form></section>\(more)</div></div>
        """
    }

    private var state: HTML {
        let pause: HTML? = hook.pauseWords.map { "<dt>Why</dt><dd>\($0)</dd>" }
        let first: HTML? = hook.firstTry.map { " since \(Pieces.time($0, in: zone))" }
        let tries: HTML? = hook.tries > 0 ? "<dt>Failed</dt><dd>\(counted(hook.tries, "time"))\(first)</dd>" : nil
        let next: HTML? = hook.nextTry.map { "<dt>Next try</dt><dd>\(Pieces.time($0, in: zone))</dd>" }
        return """
            <section class="card"><h2>State</h2><dl class="facts"><dt>State</dt><dd>\(hook.state)</dd>\(pause)\(tries)\(next)
            <dt>Segments</dt><dd>\(hook.segmentWords)</dd><dt>Changes that wait</dt><dd>\(grouped(hook.waiting))</dd>
            <dt>Made</dt><dd>\(Pieces.time(hook.created, in: zone))</dd><dt>Id</dt><dd><code>\(hook.id)</code></dd></dl></section>
            """
    }

    private var sent: HTML {
        guard !attempts.isEmpty else {
            return
                "<section class=\"card\"><h2>Last deliveries</h2><p class=\"soft\">Nothing was sent yet.</p></section>"
        }
        let columns: [Pieces.Column] = [.text("When"), .text("What"), .text("Answer"), .number("Took")]
        return """
            <section class="card flush"><h2>Last deliveries</h2>\(Pieces.table("The newest first", columns, attempts.map { attempt in
                [
                    Pieces.time(attempt.time, in: zone), "\(attempt.kind.replacing("-", with: " "))", attempt.tag,
                    "\(grouped(attempt.milliseconds)) ms",
                ]
            }))</section>
            """
    }

    private var given: HTML? {
        guard hook.deadLetters > 0 else { return nil }
        let columns: [Pieces.Column] = [.text("Given up"), .number("Tries"), .text("Answer"), .text("Message")]
        return """
            <section class="card flush"><header><h2>Given up</h2>\(action("replay-letters", "Send all again"))</header>
            \(Pieces.table("\(counted(hook.deadLetters, "message")), the first \(grouped(letters.count)) here", columns, letters.map { letter in
                [
                    Pieces.time(letter.failed, in: zone), "\(grouped(letter.tries))",
                    letter.isQueued ? Pieces.tag("waits to be sent again", "accent") : Pieces.tag(letter.status.map(String.init) ?? letter.outcome.replacing("-", with: " "), "bad"),
                    "<code class=\"json\">\(letter.body)</code>",
                ]
            }))</section>
            """
    }

    private var more: HTML {
        """
        <section class="card"><h2>Secret</h2><p class="soft">A new one is shown once; the one before stays valid for a day.</p>
        \(action("rotate", "Give it a new secret"))</section>
        <section class="card"><h2>Send everything again</h2><p class="soft">All changes from the first one on, with the ids that they had.</p>
        <form method="post" action="\(hook.path)">\(FormPieces.check("confirm-replay", "Its receiver expects that", wrong: form.wrong["confirm-replay"]))
        <button class="quiet" name="do" value="replay">Send all changes again</button></form></section>
        <section class="card"><h2>Remove it</h2><form method="post" action="\(hook.path)">\
        \(FormPieces.check("confirm", "Its deliveries and given-up messages go too", wrong: form.wrong["confirm"]))
        <button class="danger" name="do" value="delete">Remove the webhook</button></form></section>
        """
    }
}
