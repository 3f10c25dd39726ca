import EventModel
import Testing

/// `shoal identity` over a file of messages: a tablet that was ann's and is ben's too.
@Suite struct IdentityCommandTests {
    private static let messages = """
        {"type":"track","messageId":"m1","timestamp":"2026-01-01T10:00:00Z","anonymousId":"tablet","event":"Played"}
        {"type":"track","messageId":"m2","timestamp":"2026-01-02T10:00:00Z","anonymousId":"tablet","userId":"ann","event":"Played"}
        {"type":"track","messageId":"m3","timestamp":"2026-01-03T10:00:00Z","anonymousId":"tablet","userId":"ben","event":"Played"}
        {"type":"identify","messageId":"m4","timestamp":"2026-01-04T10:00:00Z","userId":"ben","traits":{"email":"Ben@Example.org"}}
        {"type":"track","messageId":"m5","timestamp":"2026-01-05T10:00:00Z","anonymousId":"undefined","userId":"ben","event":"Played"}

        """

    private func folder() throws -> Program.Folder {
        let folder = try Program.Folder()
        try folder.write(Self.messages, to: "messages.jsonl")
        let outcome = try Program.run("import", "messages.jsonl", "--zone", "UTC", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return folder
    }

    @Test func `a wrong merge is seen, undone, logged and taken back`() throws {
        let folder = try folder()
        let shown = try #require(try Program.run("identity", "show", "tablet", "--json", in: folder).json?.object)
        #expect(shown["profile"] == "ann")
        #expect(shown["anonymousIds"] == ["tablet"])
        let standings = shown["links"]?.elements?.map { $0.object?["standing"] }
        #expect(standings == ["followed", "later"])

        let unmerged = try Program.run("identity", "unmerge", "tablet", in: folder)
        #expect(unmerged.output == "tablet is no longer ann; it is part of ben now\n")
        let ben = try Program.run("identity", "show", "ben", in: folder)
        #expect(ben.output.hasPrefix("User ben, 1 anonymous id\n"))
        #expect(ben.output.contains("email:ben@example.org"))
        let profile = try #require(try Program.run("profile", "ben", "--json", in: folder).json?.object)
        #expect(profile["anonymousIds"] == ["tablet"])
        #expect(profile["firstSeen"] == "2026-01-01T10:00:00.000Z")

        let remerged = try Program.run("identity", "remerge", "tablet", "--json", in: folder)
        #expect(remerged.json?.object?["profile"] == "ann")
        let log = try Program.run("identity", "log", "--json", in: folder).json?.object?["decisions"]?.elements
        #expect(log?.map { $0.object?["decision"] } == ["unmerge", "remerge"])
        #expect(try Program.run("verify", in: folder).status == 0)
    }

    @Test func `what can't be done has a code`() throws {
        let folder = try folder()
        for (arguments, code) in [
            (["show", "nobody"], "unknown-profile"), (["unmerge", "nobody"], "unknown-identifier"),
            (["unmerge", "tablet", "--from", "nobody"], "unknown-identifier"),
            (["remerge", "tablet"], "not-unmerged"),
        ] {
            let outcome = try Program.run(["identity"] + arguments + ["--json"], in: folder)
            #expect(outcome.status == 64)
            #expect(outcome.errorsJSON?.object?["code"] == .string(Text(code)))
        }
        #expect(try Program.run("identity", "log", in: folder).output == "nothing was unmerged\n")
    }
}
