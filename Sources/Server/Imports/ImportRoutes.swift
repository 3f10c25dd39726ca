import Dashboard
import EventModel
import HTTPTypes
import Hummingbird

/// `/v1/imports`: files that are imported by programs, and how far they are.
struct ImportRoutes: Sendable {
    let imports: FileImports

    func add(to routes: inout Routes) {
        let list = RouteDescription(
            "Files that were sent to be imported, the newest first.", access: .editor, answer: .imports)
        routes.get("/v1/imports", list) { _, _ in
            let accounts = try imports.records.newest(Self.shown).map(\.json)
            return Response(.object([("imports", .array(accounts))]))
        }
        let one = RouteDescription(
            "A file that was sent, and how far its import is.", access: .editor, answer: .fileImport)
        routes.get("/v1/imports/{id}", one) { _, context in Response(try json(of: try Self.id(context))) }
        var send = RouteDescription(
            "Import a file, which is the body: CSV, JSON Lines, plain or gzip. The answer comes when it is looked at; the"
                + " import goes on.", access: .editor, answer: .fileImport,
            parameters: [
                .text("name", "What the file is called."),
                .text("as", "What it is about: events, items, orders, customers, products or messages."),
                .text("zone", "The zone of times that name none."),
                .text("currency", "The currency of amounts that name none."),
                .text("map", "Which column holds a field, as FIELD=COLUMN; several, one a line."),
            ])
        send.mayConflict = true
        send.takesFile = true
        routes.post("/v1/imports", send) { request, context in try await self.take(request, context) }
    }

    private static let shown = 100

    private static func id(_ context: ServerContext) throws -> Int64 {
        guard let id = Int64(try context.parameters.require("id")) else { throw APIError.noSuchImport }
        return id
    }

    private func json(of id: Int64) throws -> JSONValue {
        guard let account = try imports.records.account(id) else { throw APIError.noSuchImport }
        guard let running = imports.running(id), case .object(var object) = account.json else { return account.json }
        let view = ImportProgressFigures(progress: running.progress, isStopping: running.isStopping)
        object["progress"] = view.json
        return .object(object)
    }

    private func take(_ request: Request, _ context: ServerContext) async throws -> Response {
        guard let actor = context.actor else { throw APIError.sessionEnded }
        let choices = try ImportChoices(
            kind: request.text("as")?.string,
            mappings: (request.text("map")?.string ?? "").split(separator: "\n").map(String.init),
            zone: request.text("zone")?.string, currency: request.text("currency")?.string)
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        let name = UploadName.shown(request.text("name")?.string ?? "")
        let id = try await imports.take(announced: announced, by: actor, choices) { file in
            for try await buffer in request.body {
                guard file.bytes + buffer.readableBytes <= Limits.uploadBytes.value else {
                    throw APIError.uploadTooLarge
                }
                try file.append(buffer.readableBytesView)
            }
            return name.isEmpty ? "file" : name
        }
        do {
            guard let waiting = imports.waiting(id) else { throw APIError.noSuchImport }
            if case .failure(let error) = waiting.look.result {
                let problem = ImportProblem(error, file: waiting.account.name)
                throw APIError(.unprocessableContent, problem.code, problem.text)
            }
            try imports.start(id, by: actor)
        } catch {
            imports.discard(id)
            throw error
        }
        return Response(try json(of: id))
    }
}

extension ImportChoices {
    /// What a program says.
    init(kind: String?, mappings: [String], zone: String?, currency: String?) throws(APIError) {
        var form = ImportForm()
        form.kind = kind ?? ""
        form.zone = zone ?? ""
        form.currency = currency ?? ""
        guard let choices = ImportChoices(&form, glance: nil) else {
            let name = form.wrong.keys.sorted().first ?? ""
            throw APIError(
                .badRequest, "bad-parameter", "\(name == "kind" ? "as" : name): \(form.wrong[name] ?? "")")
        }
        self = choices.adding(mappings)
    }
}

/// The shapes of what is said of imports, for `/openapi.json`.
enum ImportSchemas {
    static var all: [JSONObject.Member] {
        [
            (
                "Imports",
                [
                    "type": "object", "required": ["imports"],
                    "properties": ["imports": ["type": "array", "items": OpenAPIDocument.reference("FileImport")]],
                ]
            ),
            (
                "FileImport",
                [
                    "type": "object", "required": ["id", "name", "bytes", "by", "uploaded", "state"],
                    "properties": [
                        "id": ["type": "integer"], "name": ["type": "string"], "bytes": ["type": "integer"],
                        "by": ["type": "string"], "uploaded": ["type": "string"], "started": ["type": "string"],
                        "ended": ["type": "string"],
                        "state": ["enum": ["waiting", "running", "complete", "interrupted", "failed", "broken"]],
                        "progress": ["type": "object"], "result": ["type": "object"],
                    ],
                ]
            ),
        ]
    }
}
