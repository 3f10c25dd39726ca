import HTTPTypes

@testable import Server

extension Shop {
    /// Sends a file as a browser does.
    func upload(_ name: String, _ bytes: [UInt8], _ fields: [String: String]? = nil) async throws -> Served.Answer {
        let head = "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n"
        let body = Array(head.utf8) + bytes + Array("\r\n--XyZ--\r\n".utf8)
        let type = ["Content-Type": "multipart/form-data; boundary=XyZ"]
        return try await served.send(.post, "/data/import", body, type.merging(fields ?? self.fields()) { $1 })
    }

    func upload(_ name: String, _ text: String) async throws -> Served.Answer {
        try await upload(name, Array(text.utf8))
    }

    /// Sends a file that is taken, and answers the path of its page.
    func uploaded(_ name: String, _ text: String) async throws -> String {
        try await upload(name, text).headers[.location] ?? "/refused"
    }

    /// Imports a file as it is recognised, and answers the page that says what became of it.
    func imported(_ path: String, _ values: KeyValuePairs<String, String> = ["do": "import"]) async throws
        -> Served.Answer
    {
        let answer = try await form(path, values)
        await served.server.imports.finish()
        return answer.status == 303 ? try await page(path) : answer
    }
}
