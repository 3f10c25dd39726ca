import EventModel
import Foundation
import Glibc
import TestSupport
import Testing

/// A file that a served store imports, when the process is killed amid it.
@Suite struct ImportServedTests {
    private static let rows = 40_000

    private static let log =
        "event,customer_id,timestamp,n\n"
        + (0..<rows).map { "Viewed,c\($0 % 900),2026-01-01T00:00:00Z,\($0)\n" }.joined()

    /// Asks the process that serves a directory, with a key.
    private func ask(_ request: String, _ key: String, in folder: Program.Folder, _ body: String = "") async throws
        -> JSONValue
    {
        let serving = try JSONReader.parse(Array(try folder.read("shop/serving.json").utf8)).object
        let connection = try RawConnection(serving?["port"]?.decimal?.asInt() ?? 0)
        await connection.send(
            "\(request) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\nContent-Length: \(body.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(body)")
        let answer = await connection.receive().text
        let start = try #require(answer.firstRange(of: "\r\n\r\n")).upperBound
        return try JSONReader.parse(Array(answer[start...].utf8))
    }

    private func uploads(in folder: Program.Folder) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/shop/uploads")) ?? []
    }

    @Test func `a kill amid an import leaves no file behind, and the same file again completes it`() async throws {
        let folder = try Program.Folder()
        try folder.write("user_id,event,timestamp\nann,Viewed,2026-01-01T00:00:00Z\n", to: "first.csv")
        try folder.write(Self.log, to: "log.csv")
        #expect(try Program.run("import", "first.csv", "--data", "shop", in: folder).status == 0)
        let made = try Program.run("keys", "new", "loader", "--secret", "--data", "shop", "--json", in: folder)
        let key = try #require(made.json?.object?["key"]?.text?.string)

        var server = try Program.serve("shop", in: folder)
        defer { if server.isRunning { server.terminate() } }
        let sent = try await ask("POST /v1/imports?name=log.csv", key, in: folder, Self.log)
        let id = try #require(sent.object?["id"]?.decimal?.asInt(), "\(sent)")
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()

        server = try Program.serve("shop", in: folder)
        let after = try await ask("GET /v1/imports/\(id)", key, in: folder)
        // It may have been quicker than the kill.
        let state = after.object?["state"]?.text?.string ?? ""
        #expect(["broken", "complete"].contains(state) && uploads(in: folder) == [], "\(after)")
        server.terminate()
        server.waitUntilExit()

        let again = try Program.run("import", "log.csv", "--data", "shop", "--json", in: folder)
        let summary = try #require(again.json?.object?["files"]?.elements?.first?.object)
        let (stored, duplicates) = (summary["stored"]?.decimal?.asInt(), summary["duplicates"]?.decimal?.asInt())
        #expect((stored ?? 0) + (duplicates ?? 0) == Self.rows)
        if state == "complete" { #expect(stored == 0) }
        let info = try Program.run("info", "--data", "shop", "--json", in: folder)
        #expect(info.json?.object?["messages"] == .count(Self.rows + 1), "\(info.output)")
        #expect(try Program.run("verify", "--sample", "2", "--data", "shop", in: folder).status == 0)
    }
}
