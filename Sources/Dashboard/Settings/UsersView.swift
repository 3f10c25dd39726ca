package import EventModel

/// Who may sign in; an admin looks after them here.
package struct UsersView: Sendable {
    package struct Entry: Sendable {
        let id: Int64
        let name: String
        let email: String
        let role: String
        let created: Timestamp
        let isDisabled: Bool
        let hasPassword: Bool

        package init(
            id: Int64, name: String, email: String, role: String, created: Timestamp, isDisabled: Bool,
            hasPassword: Bool
        ) {
            self.id = id
            self.name = name
            self.email = email
            self.role = role
            self.created = created
            self.isDisabled = isDisabled
            self.hasPassword = hasPassword
        }
    }

    /// What was just done: a link that is shown this once, or what went wrong.
    package enum News: Sendable {
        case link(String, email: String)
        case wrong(String)
    }

    let viewer: Viewer
    let users: [Entry]
    let news: News?
    /// As they were typed for somebody new.
    let typed: (email: String, name: String)
    let zone: Zone

    package init(viewer: Viewer, users: [Entry], news: News?, typed: (email: String, name: String), zone: Zone) {
        self.viewer = viewer
        self.users = users
        self.news = news
        self.typed = typed
        self.zone = zone
    }

    package var shell: Shell {
        var shell = Shell(title: "Users", viewer: viewer, place: .settings, body: body)
        if case .wrong = news { shell.hasErrors = true }
        return shell
    }

    private static let roles = [
        ("viewer", "Viewer: reads everything"), ("editor", "Editor: saves segments too"),
        ("admin", "Admin: looks after users, keys and people's data"),
    ]

    private var body: HTML {
        """
        \(Pieces.head("Users", back: ("/settings", "Settings"), about: "Nobody can register: each user gets a link from you, and chooses a password with it."))
        \(message)
        <section class="card flush" aria-label="Users">\(table)</section>
        <section class="card"><h2>Somebody new</h2>
        <form method="post" action="/settings/users">
        <div class="grid">
        <div class="field"><label for="email">E-mail address</label>
        <input id="email" name="email" type="email" autocomplete="off" required value="\(typed.email)"></div>
        <div class="field"><label for="name">Name</label>
        <input id="name" name="name" autocomplete="off" value="\(typed.name)"></div>
        <div class="field"><label for="role">Role</label>\(choice("role", "viewer", id: "role"))</div>
        </div>
        <button>Make a link for them</button>
        </form></section>
        """
    }

    private var message: HTML? {
        switch news {
        case .link(let link, let email)?:
            """
            <div class="note" role="status"><p>Send this link to <strong>\(email)</strong>. It works once, for a day, and is \
            shown only now:</p><pre class="text" id="link" tabindex="0">\(link)</pre>
            <p class="actions"><button class="quiet" type="button" data-copy="link" hidden>Copy the link</button></p></div>
            """
        case .wrong(let text)?: "<p class=\"alert\" role=\"alert\">\(text)</p>"
        case nil: nil
        }
    }

    private func choice(_ name: String, _ chosen: String, id: String) -> HTML {
        let options = Self.roles.map { role, words -> HTML in
            let selected: HTML? = role == chosen ? " selected" : nil
            return "<option value=\"\(role)\"\(selected)>\(words)</option>"
        }
        return "<select id=\"\(id)\" name=\"\(name)\">\(options)</select>"
    }

    private static let columns: [Pieces.Column] = [
        .text("User"), .text("Role"), .text("Since"), .text("State"), .text("Change"),
    ]

    private var table: HTML {
        Pieces.table(
            counted(users.count, "user"), Self.columns,
            users.map { user in
                let action: HTML = "/settings/users/\(String(user.id))"
                let state =
                    user.isDisabled
                    ? Pieces.tag("disabled", "bad")
                    : user.hasPassword ? Pieces.tag("active", "good") : Pieces.tag("invited", "warn")
                return [
                    "\(user.name)<span class=\"under\">\(user.email)</span>",
                    """
                    <form class="actions" method="post" action="\(action)"><label class="visually-hidden" for="role-\(String(user.id))">\
                    Role of \(user.email)</label>\(choice("role", user.role, id: "role-\(user.id)"))<button class="quiet">Set</button></form>
                    """, Pieces.day(user.created, in: zone), state,
                    """
                    <div class="actions"><form method="post" action="\(action)"><button class="quiet" name="do" value="link">New link</button></form>
                    <form method="post" action="\(action)"><button class="quiet" name="do" \
                    value="\(user.isDisabled ? "enable" : "disable")">\(user.isDisabled ? "Enable" : "Disable")</button></form></div>
                    """,
                ]
            })
    }
}
