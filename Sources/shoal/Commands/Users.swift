import ArgumentParser
import EventModel
import EventStore
import Server

/// `shoal users`: who may sign in.
struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List users, make links for new ones and for forgotten passwords, and change what they may do.",
        discussion: """
            A viewer looks at segments, profiles and lists; an editor also saves segments; an admin does everything. \
            Somebody signs in with an e-mail address and a password, which is chosen with a link. While the data directory \
            is served, it is not to be had: stop the server first.

            EXAMPLES
              shoal users
              shoal users link ann@shop.example --role editor
              shoal users role ann@shop.example admin
              shoal users disable ann@shop.example
            """,
        subcommands: [List.self, Link.self, SetRole.self, Disable.self, Enable.self], defaultSubcommand: List.self)

    /// `shoal users list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the users.",
            discussion: """
                EXAMPLES
                  shoal users list
                  shoal users list --data shop --json
                """)

        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await Shoal.withUsers(at: data.path) { users in
                let all = users.all
                var table = Table([
                    .text("e-mail"), .text("name", flexible: true), .text("role"), .text("made"), .text(""),
                ])
                for user in all {
                    table.append([
                        Table.Cell(user.email.text), Table.Cell(user.name.string), Table.Cell(user.role.rawValue),
                        Table.Cell(String(user.created.iso8601.prefix(10))), Table.Cell(user.state),
                    ])
                }
                let nothing = "no users yet: \"shoal serve\" shows a link for the first one\n"
                try Console.standard.show(
                    .object([("users", .array(all.map(\.json)))]),
                    or: { all.isEmpty ? nothing : table.text(width: $0, style: $1) }, asJSON: output.json)
            }
        }
    }

    /// `shoal users link`
    struct Link: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "link",
            abstract: "Make a link to choose a password with: for a new user, or one who forgot it.",
            discussion: """
                The link is shown this once, is valid for a day, and can be used once; a new one ends the old one. When the \
                password is chosen, the user is signed out everywhere else.

                EXAMPLES
                  shoal users link ann@shop.example --role editor --name "Ann"
                  shoal users link ann@shop.example --url https://shoal.shop.example
                """)

        @Argument(help: "The e-mail address.") var email: String
        @Option(name: .long, help: "What a new user may do: viewer, editor or admin.") var role: Role?
        @Option(name: .long, help: "The name of a new user; without it what stands before the @.") var name: String?
        @Option(name: .long, help: ArgumentHelp("The address of the server.", valueName: "address"))
        var url = "http://localhost:8080"
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard url.hasPrefix("http://") || url.hasPrefix("https://"), !url.contains("#"), !url.contains("?") else {
                throw ValidationError("--url is as in https://shoal.shop.example")
            }
        }

        func run() async throws {
            try await Shoal.withUsers(at: data.path) { users in
                let isKnown = users.all.contains { $0.email.text.lowercased() == email.lowercased() }
                if isKnown, role != nil || name != nil {
                    throw ValidationError("\(email) is a user already: \"shoal users role\" changes the role")
                }
                let (user, token, isNew) = try users.link(for: email, name: name, role: role ?? .viewer)
                var base = url
                while base.hasSuffix("/") { base.removeLast() }
                let link = SetupLink.user(token, at: base)
                let json = JSONValue.object([
                    ("email", .text(user.email.text)), ("role", .text(user.role.rawValue)), ("new", .bool(isNew)),
                    ("link", .text(link)),
                ])
                let who = isNew ? "\(user.email.text) is a new \(user.role.rawValue) who" : user.email.text
                try Console.standard.show(
                    json, or: { _, _ in "\(who) chooses a password, within a day, with\n\(link)\n" },
                    asJSON: output.json)
            }
        }
    }

    /// `shoal users role`
    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role",
            abstract: "Change what a user may do; the user is signed out.",
            discussion: """
                EXAMPLES
                  shoal users role ann@shop.example admin
                  shoal users role ann@shop.example viewer --json
                """)

        @Argument(help: "The e-mail address.") var email: String
        @Argument(help: "viewer, editor or admin.") var role: Role
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await Shoal.changeUser(email, at: data.path, asJSON: output.json) { users, user in
                try users.setRole(role, of: user)
            }
        }
    }

    /// `shoal users disable`
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep a user from signing in, and end what the user has open.",
            discussion: """
                EXAMPLES
                  shoal users disable ann@shop.example
                  shoal users disable ann@shop.example --data shop --json
                """)

        @Argument(help: "The e-mail address.") var email: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await Shoal.changeUser(email, at: data.path, asJSON: output.json) { users, user in
                try users.setDisabled(true, user)
            }
        }
    }

    /// `shoal users enable`
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a user who was disabled sign in again, with the same password.",
            discussion: """
                EXAMPLES
                  shoal users enable ann@shop.example
                  shoal users enable ann@shop.example --data shop --json
                """)

        @Argument(help: "The e-mail address.") var email: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await Shoal.changeUser(email, at: data.path, asJSON: output.json) { users, user in
                try users.setDisabled(false, user)
            }
        }
    }
}

extension Role: ExpressibleByArgument {}

extension User {
    /// What is to be said beside name and role.
    fileprivate var state: String { isDisabled ? "disabled" : hasPassword ? "" : "has no password yet" }

    fileprivate var json: JSONValue {
        .object([
            ("email", .text(email.text)), ("name", .string(name)), ("role", .text(role.rawValue)),
            ("created", .time(created)), ("disabled", .bool(isDisabled)), ("password", .bool(hasPassword)),
        ])
    }
}

extension Shoal {
    /// Opens the users of a data directory that nobody serves.
    static func withUsers(at path: String, _ body: (ServiceUsers) throws -> Void) async throws {
        let store = try store(at: path)
        defer { try? store.close() }
        let users = try ServiceUsers(directory: path, clock: clock)
        defer { users.close() }
        do { try body(users) } catch let error as UserError {
            throw CommandError(
                error.code, .data, error.message,
                advice: error.code == "unknown-user" ? "\"shoal users\" lists them" : nil)
        }
    }

    /// Changes a user and shows what came of it.
    fileprivate static func changeUser(
        _ email: String, at path: String, asJSON: Bool, _ body: (ServiceUsers, User) throws -> User
    ) async throws {
        try await withUsers(at: path) { users in
            let user = try body(users, try users.user(email))
            let state = user.state.isEmpty ? "" : ", \(user.state)"
            try Console.standard.show(
                user.json, or: { _, _ in "\(user.email.text) is \(user.role.rawValue)\(state)\n" }, asJSON: asJSON)
        }
    }
}
