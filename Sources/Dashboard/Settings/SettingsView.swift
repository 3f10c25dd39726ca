package import EventModel

/// What the workspace goes by, and the ways to what can be set.
package struct SettingsView: Sendable {
    package struct Hook: Sendable {
        let url: String
        let about: String
        let segments: String
        let isPaused: Bool

        package init(url: String, about: String, segments: String, isPaused: Bool) {
            self.url = url
            self.about = about
            self.segments = segments
            self.isPaused = isPaused
        }
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
    let hooks: [Hook]?

    package init(
        viewer: Viewer, name: String, zone: Zone, currency: String?, segments: Int, building: Int, failure: String?,
        watermark: Timestamp?, hooks: [Hook]?
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
    }

    package var shell: Shell { Shell(title: "Settings", viewer: viewer, place: .settings, body: body) }

    private var body: HTML {
        let admin: HTML? =
            viewer.isAdmin
            ? """
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
            <li><a href="/data">Sources and keys</a><p>Where messages come from.</p></li>
            <li><a href="/api">The API</a><p>Segments, members, changes, webhooks and messages, for programs.</p></li>
            </ul></section>
            <section class="card"><h2>Backups</h2>
            <p>A backup is a folder that is whole at one moment; it is made while the server runs:</p>
            <pre class="text" tabindex="0">shoal backup FOLDER</pre>
            <p class="soft">Keep it on another disk, and try <code>shoal restore</code> before you need it.</p></section>
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

    private var hookList: HTML {
        guard let hooks else { return "" }
        guard !hooks.isEmpty else {
            return """
                <section class="card"><h2>Webhooks</h2><p class="soft">None yet. A webhook is told when somebody enters or
                leaves a segment: <code>POST /v1/webhooks</code>.</p></section>
                """
        }
        let columns: [Pieces.Column] = [.text("Address"), .text("Segments"), .text("State")]
        return """
            <section class="card flush"><h2>Webhooks</h2>
            \(Pieces.table("Addresses that are told of changes", columns, hooks.map { hook in
                [
                    "\(hook.url)<span class=\"under\">\(hook.about)</span>", "\(hook.segments)",
                    hook.isPaused ? Pieces.tag("paused", "warn") : Pieces.tag("sending", "good"),
                ]
            }))</section>
            """
    }
}
