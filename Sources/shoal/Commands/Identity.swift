import ArgumentParser

/// `shoal identity`: who is who, and what to do when two were taken for one.
struct Identity: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which ids are one shopper and why, and part ids that are not.",
        discussion: """
            An anonymous id belongs to the user it was first seen with. Where that is wrong, unmerge it: its links to that \
            user then count no longer, whatever comes later. All of it works while the data directory is served.

            EXAMPLES
              shoal identity show customer-17
              shoal identity unmerge a1b2c3
              shoal identity log
            """,
        subcommands: [Show.self, Unmerge.self, Remerge.self, Log.self])

    /// `shoal identity show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The ids of a profile, and the messages that say so.",
            discussion: """
                EXAMPLES
                  shoal identity show customer-17
                  shoal identity show a1b2c3 --json
                """)

        @Argument(help: "A user id or an anonymous id.") var id: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (report, zone) = try await Shoal.identity(.identityShow, id, at: data.path)
            try Console.standard.show(
                report, or: { IdentityText.report(report, zone: zone, width: $0, style: $1) }, asJSON: output.json)
        }
    }

    /// `shoal identity unmerge`
    struct Unmerge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that an anonymous id is not this user, whatever comes later.",
            discussion: """
                What the id did without naming the user leaves the user's profile at once; messages that name the user stay. \
                If the id is linked to another user too, it belongs to that one from now on.

                EXAMPLES
                  shoal identity unmerge a1b2c3
                  shoal identity unmerge a1b2c3 --from customer-17 --json
                """)

        @Argument(help: "The anonymous id.") var id: String
        @Option(help: ArgumentHelp("The user (default: the one it belongs to).", valueName: "user")) var from: String?
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (report, _) = try await Shoal.identity(.identityUnmerge, id, user: from, at: data.path)
            try Console.standard.show(report, or: { _, _ in IdentityText.decision(report) }, asJSON: output.json)
        }
    }

    /// `shoal identity remerge`
    struct Remerge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an unmerge back: links count again.",
            discussion: """
                EXAMPLES
                  shoal identity remerge a1b2c3
                  shoal identity remerge a1b2c3 --to customer-17
                """)

        @Argument(help: "The anonymous id.") var id: String
        @Option(help: ArgumentHelp("The user, if it was unmerged from several.", valueName: "user")) var to: String?
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (report, _) = try await Shoal.identity(.identityRemerge, id, user: to, at: data.path)
            try Console.standard.show(report, or: { _, _ in IdentityText.decision(report) }, asJSON: output.json)
        }
    }

    /// `shoal identity log`
    struct Log: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What was unmerged and merged again, and when, the oldest first.",
            discussion: """
                EXAMPLES
                  shoal identity log
                  shoal identity log --json
                """)

        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (report, zone) = try await Shoal.identity(.identityLog, at: data.path)
            try Console.standard.show(
                report, or: { IdentityText.log(report, zone: zone, width: $0, style: $1) }, asJSON: output.json)
        }
    }
}
