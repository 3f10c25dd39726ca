import EventModel
import EventStore
import Testing

@testable import shoal

@Suite struct ExitStatusTests {
    @Test(arguments: [
        (["chek"], "unknown-command"), (["check"], "bad-usage"), (["check", "--nope", "a"], "bad-usage"),
        (["format", "a.shoal", "--check", "--write"], "bad-usage"),
    ])
    func `a wrong command line ends with 64`(arguments: [String], code: String) throws {
        let outcome = try Program.run(arguments, in: Program.Folder())
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("[\(code)]"))
        #expect(outcome.output == "")
    }

    @Test func `a command that does not exist suggests the nearest`() throws {
        let outcome = try Program.run("segmnets", in: Program.Folder())
        #expect(outcome.errors.contains("did you mean \"shoal segments\"?"))
    }

    @Test(arguments: ["check", "format"])
    func `a file that is not there ends with 66`(command: String) throws {
        let outcome = try Program.run(command, "nothing.shoal", in: Program.Folder())
        #expect(outcome.status == 66)
        #expect(outcome.errors.contains("[no-such-file]"))
    }

    @Test func `a folder in place of a file ends with 66`() throws {
        #expect(try Program.run("check", ".", in: Program.Folder()).status == 66)
    }

    @Test func `a data directory that can't be made ends with 73`() throws {
        let folder = try Program.Folder()
        try folder.write("customer_id,date,amount\na,2026-01-01,1\n", to: "orders.csv")
        let outcome = try Program.run("import", "orders.csv", "--data", "orders.csv/x", in: folder)
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("[cannot-create]"))
        #expect(try Program.run("info", "--data", "orders.csv", in: folder).status == 66)
    }

    @Test func `a store that another process works on ends with 73`() throws {
        let folder = try Program.Folder()
        let store = try EventStore.open(directory: folder.path + "/shop", mode: .createIfMissing)
        let outcome = try Program.run("info", "--data", "shop", in: folder)
        try store.close()
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("[store-locked]"))
        #expect(try Program.run("info", "--data", "shop", in: folder).status == 0)
    }

    @Test func `a full disk ends with 74`() throws {
        let folder = try Program.Folder()
        try folder.write("segment a: did \"A\"\n", to: "a.shoal")
        let outcome = try Program.runIntoFullDevice(["format", "a.shoal"], in: folder)
        #expect(outcome.status == 74)
        #expect(outcome.errors.contains("[cannot-write-output]"))
    }

    @Test func `with json, errors are JSON too`() throws {
        let outcome = try Program.run("check", "nothing.shoal", "--json", in: Program.Folder())
        #expect(outcome.status == 66)
        #expect(outcome.errorsJSON?.object?["code"] == "no-such-file")
        #expect(outcome.errorsJSON?.object?["status"] == 66)
    }

    @Test func `bytes that are no text are told, not trapped on`() throws {
        let folder = try Program.Folder()
        try folder.write("segment a: did \"\u{0}\u{1}", to: "a.shoal")
        #expect(try Program.run("check", "a.shoal", in: folder).status == 65)
        try folder.write("{\"segment\": 3}", to: "b.json")
        #expect(try Program.run("check", "b.json", in: folder).status == 65)
    }
}
