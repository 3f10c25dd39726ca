import EventModel
import EventStore
import Foundation
import Testing

@testable import shoal

/// Backup, restore, export and erasure as a person runs them, with and without a server.
@Suite struct SafekeepingTests {
    private static let events = """
        {"type":"identify","messageId":"1","userId":"ann","anonymousId":"phone","traits":{"email":"ann@example.com","plan":"gold"}}
        {"type":"track","messageId":"2","anonymousId":"phone","event":"Product Viewed","properties":{"product_id":"tea-7"}}
        {"type":"track","messageId":"3","userId":"bob","event":"Product Viewed","properties":{"product_id":"tea-7"}}
        {"type":"track","messageId":"4","userId":"ann","event":"Consent Updated","properties":{"purpose":"email","state":"granted"}}
        {"type":"track","messageId":"5","userId":"ann"}

        """

    private func shop() throws -> Program.Folder {
        let folder = try Program.Folder()
        try folder.write(Self.events, to: "events.jsonl")
        let imported = try Program.run(
            "import", "events.jsonl", "--as", "messages", "--data", "shop", "--json", in: folder)
        #expect(imported.status == 0, "\(imported.errors)")
        return folder
    }

    private func count(_ outcome: Program.Outcome, _ name: Text) -> Int? {
        outcome.json?.object?[name]?.decimal?.asInt()
    }

    /// Whether some text is in any file below a folder.
    private func holds(_ text: String, _ folder: String) -> [String] {
        LocalFiles.files(below: folder, ending: "").filter { name in
            (try? Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))?.range(of: Data(text.utf8)) != nil
        }
    }

    private func checkExport(_ outcome: Program.Outcome) {
        #expect(outcome.status == 0, "\(outcome.errors)")
        let json = outcome.json?.object
        #expect(json?["identifiers"]?.elements?.compactMap { $0.object?["id"]?.text } == ["ann", "phone"])
        #expect(json?["links"]?.elements?.count == 1)
        #expect(json?["handles"] == ["email:ann@example.com"])
        #expect(json?["traits"]?.object?["plan"] == "gold")
        #expect(json?["consent"]?.object?["email"] == "granted")
        #expect(json?["messages"]?.elements?.count == 3)
        #expect(outcome.output.contains(#""original":{"type":"identify","messageId":"1","userId":"ann""#))
        #expect(!outcome.output.contains("bob"))
    }

    @Test func `a person is exported and erased by any id, and a backup from before erases them again`() throws {
        let folder = try shop()
        #expect(!holds("ann", folder.path + "/shop/rejects").isEmpty)
        checkExport(try Program.run("export-profile", "phone", "--data", "shop", in: folder))
        checkExport(try Program.run("export-profile", "ANN@example.com", "--data", "shop", in: folder))

        let backup = try Program.run("backup", "backups/first", "--data", "shop", "--json", in: folder)
        #expect(backup.status == 73, "the folder above must be there")
        try FileManager.default.createDirectory(
            atPath: folder.path + "/backups", withIntermediateDirectories: true)
        let first = try Program.run("backup", "backups/first", "--data", "shop", "--json", in: folder)
        #expect(first.status == 0, "\(first.errors)")
        #expect(count(first, "messages") == 4)

        let erased = try Program.run("erase", "ann@example.com", "--data", "shop", "--json", in: folder)
        #expect(erased.status == 0, "\(erased.errors)")
        #expect(count(erased, "messages") == 3)
        #expect(count(erased, "rejects") == 1)
        for word in ["ann@example", "phone", "gold"] {
            let files = holds(word, folder.path + "/shop").filter { !$0.hasPrefix("segments/") }
            #expect(files == [], "\(word)")
        }
        let gone = try Program.run("export-profile", "ann", "--data", "shop", in: folder)
        #expect(gone.status == 64)
        #expect(gone.errors.contains("unknown-profile"))
        #expect(try Program.run("verify", "--data", "shop", in: folder).status == 0)

        let second = try Program.run("backup", "backups/second", "--verify", "--data", "shop", "--json", in: folder)
        #expect(second.status == 0 && second.output.contains("\"verified\":true"), "\(second.errors)")
        let restored = try Program.run("restore", "backups/first", "--data", "again", "--json", in: folder)
        #expect(restored.status == 0, "\(restored.errors)")
        #expect(count(restored, "erasedAgain") == 1)
        for word in ["ann@", "phone", "gold"] {
            let files = holds(word, folder.path + "/again").filter { !$0.hasPrefix("segments/") }
            #expect(files == [], "\(word)")
        }
        let info = try Program.run("info", "--data", "again", "--json", in: folder)
        #expect(count(info, "messages") == 1)
        #expect(count(info, "epoch") == 1)
        #expect(try Program.run("verify", "--data", "again", in: folder).status == 0)

        let twice = try Program.run("restore", "backups/first", "--data", "again", "--json", in: folder)
        #expect(twice.status == 73)
        #expect(twice.errors.contains("data-exists"))
    }

    @Test func `all of it works while the directory is served, and other commands say who has it`() throws {
        let folder = try shop()
        let server = try Program.serve("shop", in: folder)
        defer { if server.isRunning { server.terminate() } }
        let refused = try Program.run("info", "--data", "shop", "--json", in: folder)
        #expect(refused.status == 73)
        #expect(refused.errorsJSON?.object?["code"] == "store-served", "\(refused.errors)")
        checkExport(try Program.run("export-profile", "phone", "--data", "shop", in: folder))
        let shown = try Program.run("identity", "show", "phone", "--data", "shop", in: folder)
        #expect(shown.output.hasPrefix("User ann, 1 anonymous id\n"), "\(shown.errors)")
        let parted = try Program.run("identity", "unmerge", "phone", "--data", "shop", in: folder)
        #expect(parted.output == "phone is no longer ann; it is a profile of its own now\n", "\(parted.errors)")
        let twice = try Program.run("identity", "unmerge", "phone", "--data", "shop", "--json", in: folder)
        #expect(twice.errorsJSON?.object?["code"] == "not-linked", "\(twice.errors)")
        let joined = try Program.run("identity", "remerge", "phone", "--data", "shop", "--json", in: folder)
        #expect(joined.json?.object?["profile"] == "ann", "\(joined.errors)")
        let decisions = try Program.run("identity", "log", "--data", "shop", "--json", in: folder)
        #expect(decisions.json?.object?["decisions"]?.elements?.count == 2)

        let backup = try Program.run("backup", "copy", "--data", "shop", "--json", in: folder)
        #expect(backup.status == 0, "\(backup.errors)")
        let again = try Program.run("backup", "copy", "--data", "shop", "--json", in: folder)
        #expect(again.status == 73)
        #expect(again.errorsJSON?.object?["code"] == "backup-exists", "\(again.errors)")
        let erased = try Program.run("erase", "phone", "--data", "shop", "--json", in: folder)
        #expect(count(erased, "messages") == 3, "\(erased.errors)")
        let unknown = try Program.run("erase", "phone", "--data", "shop", "--json", in: folder)
        #expect(unknown.errorsJSON?.object?["code"] == "unknown-profile", "\(unknown.errors)")
        for word in ["ann@example", "phone", "gold"] {
            let files = holds(word, folder.path + "/shop").filter { !$0.hasPrefix("segments/") }
            #expect(files == [], "\(word)")
        }
        server.terminate()
        server.waitUntilExit()
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/shop/serving.json"))
        let restored = try Program.run("restore", "copy", "--data", "again", "--json", in: folder)
        #expect(count(restored, "messages") == 4, "\(restored.errors)")
        #expect(try Program.run("keys", "--data", "again", "--json", in: folder).output.contains("server"))
    }

    @Test(arguments: ["service", "webhooks", "memberships"])
    func `a damaged database beside the events is named for what it is`(name: String) throws {
        let folder = try shop()
        let server = try Program.serve("shop", in: folder)
        server.terminate()
        server.waitUntilExit()
        let sound = try Program.run("verify", "--data", "shop", "--json", in: folder)
        #expect(sound.json?.object?["databases"] == ["memberships.db", "service.db", "webhooks.db"], "\(sound.errors)")
        try folder.write(String(repeating: "no database ", count: 2_000), to: "shop/\(name).db")
        let served = try Program.run("serve", "--data", "shop", "--port", "0", in: folder)
        #expect(served.status == 65)
        #expect(served.errors.contains("\(name)-database-damaged"), "\(served.errors)")
        let verified = try Program.run("verify", "--data", "shop", "--json", in: folder)
        #expect(verified.status == 65)
        #expect(verified.output.contains("\(name)-database-damaged"))
        if name == "service" {
            let keys = try Program.run("keys", "--data", "shop", "--json", in: folder)
            #expect(keys.errorsJSON?.object?["code"] == "service-database-damaged", "\(keys.errors)")
        }
    }

    @Test func `an erasure is finished by the next start, and webhooks of a restored directory are paused`() throws {
        let folder = try shop()
        let first = try Program.serve("shop", in: folder)
        first.terminate()
        first.waitUntilExit()
        #expect(try Program.run("backup", "copy", "--data", "shop", in: folder).status == 0)
        let store = try EventStore.open(directory: folder.path + "/shop")
        _ = try store.erase([try #require(store.profile(of: "ann"))], isFinal: false)
        try store.close()
        #expect(!holds("phone", folder.path + "/shop").filter { !$0.hasPrefix("segments/") }.isEmpty)
        let server = try Program.serve("shop", in: folder)
        server.terminate()
        server.waitUntilExit()
        for word in ["ann@example", "phone", "gold"] {
            let files = holds(word, folder.path + "/shop").filter { !$0.hasPrefix("segments/") }
            #expect(files == [], "\(word)")
        }
        let restored = try Program.run("restore", "copy", "--data", "again", "--json", in: folder)
        #expect(count(restored, "pausedWebhooks") == 0)
        for name in ["memberships.db", "webhooks.db", "service.db"] {
            for place in ["copy", "again"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(place)/\(name)")
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name) in \(place)")
            }
        }
    }
}

/// What gives somebody away is found as a whole word, however it is written.
@Suite struct TracesTests {
    @Test(arguments: [
        (#"{"userId":"ann-7"}"#, true), (#"{"userId":"ANN-7","x":1}"#, true), ("ann-7,12,3", true),
        (#"{"raw":"{\"userId\":\"ann-7\"}"}"#, true), (#"{"userId":"\u0061nn-7"}"#, true),
        (#"{"userId":"ann-77"}"#, false),
        (#"{"userId":"joann-7"}"#, false), (#"{"userId":"an"#, false), ("", false), (#"{"name":"j\u00f6rg"}"#, true),
        ("J\u{f6}rg", true), (#"{"cut":"\u00"#, false), (#"{"cut":"ann-7\"#, true),
    ])
    func `a trace is found or not`(text: String, isFound: Bool) {
        #expect(Traces(["ann-7", "j\u{f6}rg"]).occur(in: Array(text.utf8)) == isFound, "\(text)")
    }
}
