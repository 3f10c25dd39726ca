package import EventModel

/// What the workspace goes by, and the ways to what can be set.
package struct SettingsView: Sendable {
    /// The last backup that anybody knows of.
    package struct Backup: Sendable {
        let path: String
        let made: Timestamp
        let bytes: Int
        let messages: Int
        let verified: Timestamp?

        package init(path: String, made: Timestamp, bytes: Int, messages: Int, verified: Timestamp?) {
            self.path = path
            self.made = made
            self.bytes = bytes
            self.messages = messages
            self.verified = verified
        }

        static let oldMilliseconds: Int64 = 7 * 86_400_000
    }

    let viewer: Viewer
    let name: String
    let zone: Zone
    let currency: String?
    /// How memberships are kept, and why not if they are not.
    let segments: Int
    let building: Int
    let failure: String?
    let watermark: Timestamp?
    /// Nil for whoever may not see them.
    let hooks: [WebhookFacts]?
    let backup: Backup?
    let now: Timestamp

    package init(
        viewer: Viewer, name: String, zone: Zone, currency: String?, segments: Int, building: Int, failure: String?,
        watermark: Timestamp?, hooks: [WebhookFacts]?, backup: Backup?, now: Timestamp
    ) {
        self.viewer = viewer
        self.name = name
        self.zone = zone
        self.currency = currency
        self.segments = segments
        self.building = building
        self.failure = failure
        self.watermark = watermark
        self.hooks = hooks
        self.backup = backup
        self.now = now
    }

    package var shell: Shell { Shell(title: "Settings", viewer: viewer, place: .settings, body: body) }

    private var body: HTML {
        let admin: HTML? =
            viewer.isAdmin
            ? """
            <li><a href="/settings/workspace">Workspace</a><p>Its name, zone and currency.</p></li>
            <li><a href="/settings/keys">Keys</a><p>With which pages, apps and servers send and read.</p></li>
            <li><a href="/settings/webhooks">Webhooks</a><p>Servers that are told of changes.</p></li>
            <li><a href="/settings/users">Users</a><p>Who may sign in, and what they may do.</p></li>
            <li><a href="/settings/audit">Audit log</a><p>Who did what, and when.</p></li>

            """ : nil
        return """
            \(Pieces.head("Settings"))
            <div class="halves">
            <div class="stack">
            <section class="card"><h2>Workspace</h2><dl class="facts">
            <dt>Name</dt><dd>\(name)</dd>
            <dt>Time zone</dt><dd>\(zone.identifier) <span class="soft">days, weeks and months begin and end by it</span></dd>
            <dt>Currency</dt><dd>\(currency ?? "none: amounts stay as they came")</dd>
            </dl></section>
            \(health)
            \(hookList)
            </div>
            <div class="stack">
            <section class="card" aria-label="More settings"><ul class="ways">
            \(admin)<li><a href="/password">Your password</a><p>Choose another; you are signed out everywhere else.</p></li>
            <li><a href="/data">Sources</a><p>Where messages come from, and what they are called.</p></li>
            <li><a href="/api">The API</a><p>Segments, members, changes, webhooks and messages, for programs.</p></li>
            </ul></section>
            \(backups)
            </div>
            </div>
            """
    }

    private var health: HTML {
        let state: HTML =
            failure.map { "\(Pieces.tag("stopped", "bad")) \($0)" }
            ?? (building > 0
                ? "\(Pieces.tag("being found", "warn")) \(counted(building, "segment"))" : Pieces.tag("exact", "good"))
        let mark: HTML? = watermark.map { "<dt>Up to</dt><dd>\(Pieces.time($0, in: zone))</dd>" }
        return """
            <section class="card"><h2>Memberships</h2><dl class="facts">
            <dt>State</dt><dd>\(state)</dd><dt>Segments</dt><dd>\(grouped(segments))</dd>\(mark)
            </dl></section>
            """
    }

    private var backups: HTML {
        let state: HTML
        if let backup {
            let isOld = now.milliseconds(since: backup.made) > Backup.oldMilliseconds
            let verified: HTML =
                backup.verified.map { "\(Pieces.tag("verified", "good")) \(Pieces.time($0, in: zone))" }
                ?? "\(Pieces.tag("not verified", "warn")) <span class=\"soft\"><code>--verify</code> reads it again</span>"
            state = """
                \(isOld ? Self.warning("The last backup is older than a week.") : nil)<dl class="facts">
                <dt>Last one</dt><dd>\(Pieces.time(backup.made, in: zone))</dd><dt>Folder</dt><dd><code>\(backup.path)</code></dd>
                <dt>Size</dt><dd>\(byteSize(backup.bytes)), \(counted(backup.messages, "message"))</dd><dt>Checked</dt><dd>\(verified)</dd></dl>
                """
        } else {
            state = Self.warning("No backup of this store is known.")
        }
        return """
            <section class="card"><h2>Backups</h2>\(state)
            <p>A backup is a folder that is whole at one moment; it is made while the server runs, on the machine itself:</p>
            <pre class="text" tabindex="0">shoal backup FOLDER --verify</pre>
            <p class="soft">Keep it on another disk, and try <code>shoal restore</code> before you need it.</p></section>
            """
    }

    private static func warning(_ text: String) -> HTML { "<p class=\"note warn\">\(text)</p>\n" }

    private var hookList: HTML {
        guard let hooks else { return "" }
        guard !hooks.isEmpty else {
            return """
                <section class="card"><h2>Webhooks</h2><p class="soft">None yet. A webhook is told when somebody enters or
                leaves a segment. <a href="/settings/webhooks">Make one</a></p></section>
                """
        }
        let columns: [Pieces.Column] = [.text("Address"), .text("Segments"), .text("State")]
        return """
            <section class="card flush"><h2>Webhooks</h2>
            \(Pieces.table("Addresses that are told of changes", columns, hooks.map { hook in
                [
                    "<a href=\"\(hook.path)\">\(hook.url)</a><span class=\"under\">\(hook.about)</span>", "\(hook.segmentWords)",
                    hook.state,
                ]
            }))</section>
            """
    }
}
