import EventModel
import Testing

/// `shoal users` on a data directory that nobody serves.
@Suite struct UsersCommandTests {
    private func folder() throws -> Program.Folder {
        let folder = try Program.Folder()
        try folder.write(
            #"{"type":"track","messageId":"m","timestamp":"2026-01-01T10:00:00Z","userId":"u","event":"E"}"# + "\n",
            to: "messages.jsonl")
        let outcome = try Program.run("import", "messages.jsonl", "--zone", "UTC", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return folder
    }

    @Test func `a user is made with a link, given another role, disabled and enabled`() throws {
        let folder = try folder()
        #expect(try Program.run("users", in: folder).output.hasPrefix("no users yet"))
        let made = try Program.run(
            "users", "link", "Ann@shop.example", "--role", "editor", "--name", "Ann", "--url",
            "https://shoal.shop.example/", "--json", in: folder)
        let link = try #require(made.json?.object?["link"]?.text?.string)
        #expect(link.wholeMatch(of: /https:\/\/shoal\.shop\.example\/choose-password#[A-Za-z0-9_-]{43}/) != nil)
        #expect(made.json?.object?["new"] == true)

        let again = try Program.run("users", "link", "ann@shop.example", in: folder)
        #expect(again.status == 0 && again.output.contains("http://localhost:8080/choose-password#"))
        #expect(!again.output.contains(link))
        let role = try Program.run("users", "role", "ann@shop.example", "admin", "--json", in: folder)
        #expect(role.json?.object?["role"] == "admin")
        #expect(
            try Program.run("users", "disable", "ann@shop.example", in: folder).output
                == "Ann@shop.example is admin, disabled\n")
        let listed = try Program.run("users", "list", "--json", in: folder).json?.object?["users"]?.elements
        #expect(listed?.count == 1)
        #expect(listed?.first?.object?["disabled"] == true && listed?.first?.object?["password"] == false)
        let enabled = try Program.run("users", "enable", "ann@shop.example", in: folder)
        #expect(enabled.output == "Ann@shop.example is admin, has no password yet\n")
    }

    @Test func `what makes no sense is refused with a code`() throws {
        let folder = try folder()
        for (arguments, status, code) in [
            (["users", "link", "ann"], 65, "bad-email"),
            (["users", "role", "ann@shop.example", "admin"], 65, "unknown-user"),
            (["users", "disable", "x@y"], 65, "unknown-user"),
            (["users", "link", "x@y", "--name", " "], 65, "bad-name"),
            (["users", "link", "x@y", "--role", "root"], 64, "bad-usage"),
            (["users", "link", "x@y", "--url", "shop"], 64, "bad-usage"),
        ] as [([String], Int32, String)] {
            let outcome = try Program.run(arguments + ["--json"], in: folder)
            #expect(outcome.status == status, "\(arguments)")
            #expect(outcome.errorsJSON?.object?["code"]?.text?.string == code, "\(arguments): \(outcome.errors)")
        }
        #expect(try Program.run("users", "link", "x@y", in: folder).status == 0)
        let twice = try Program.run("users", "link", "X@y", "--role", "admin", in: folder)
        #expect(twice.status == 64 && twice.errors.contains("shoal users role"))
    }
}
