import Foundation
import TestSupport
import Testing

/// `shoal keys`, end to end.
struct KeysCommandTests {
    private let folder: Program.Folder

    init() throws {
        folder = try Program.Folder()
        let made = try Program.run("demo", "--data", "shop", "--profiles", "20", in: folder)
        try #require(made.status == 0, "\(made.errors)")
    }

    @Test func `a key is made, listed and disabled`() throws {
        let made = try Program.run("keys", "new", "web", "--write", "--data", "shop", in: folder)
        #expect(made.status == 0 && made.output.hasPrefix("shoal_"))
        let listed = try Program.run("keys", "--data", "shop", in: folder)
        #expect(listed.status == 0 && listed.output.contains("web") && !listed.output.contains("disabled"))
        let key = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try Program.run("keys", "disable", key, "--data", "shop", in: folder).status == 0)
        #expect(try Program.run("keys", "--data", "shop", in: folder).output.contains("disabled"))
    }

    @Test func `no key has the name of an import, whose message ids nobody may choose`() throws {
        let refused = try Program.run("keys", "new", "import/event-log", "--write", "--data", "shop", in: folder)
        #expect(refused.status == 64 && refused.errors.contains("import/"))
    }

    @Test func `secrets are renewed when their key is lost`() throws {
        let before = try Program.run("keys", "--data", "shop", "--json", in: folder)
        let other = ["SHOAL_SECRETS_KEY": folder.path + "/other.key"]
        let refused = try Program.run("keys", "--data", "shop", in: folder, environment: other)
        #expect(refused.status == 78 && refused.errors.contains("secrets-key-missing"))
        let renewed = try Program.run("keys", "renew-secrets", "--data", "shop", in: folder, environment: other)
        #expect(renewed.status == 0 && renewed.output.contains("0 webhooks are paused"))
        let after = try Program.run("keys", "--data", "shop", "--json", in: folder, environment: other)
        #expect(after.status == 0 && after.output != before.output)
    }
}
