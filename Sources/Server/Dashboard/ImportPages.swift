import Connectors
import Dashboard
import EventModel
import HTTPTypes
import Hummingbird
import NIOCore

/// `/data/import`: files that are dropped into a page, and what became of them.
struct ImportPages: Sendable {
    let imports: FileImports
    let sources: DashboardSources

    func add(to routes: inout Routes) {
        let list = RouteDescription("The page for importing a file.", access: .editorPage, answer: nil)
        routes.get("/data/import", list) { _, context in try self.list(context).response }
        let send = RouteDescription("Send a file, to be looked at.", access: .editorPage, answer: nil)
        routes.post("/data/import", send) { request, context in try await self.take(request, context) }
        let one = RouteDescription("The page of a file that was sent.", access: .editorPage, answer: nil)
        routes.get("/data/import/{id}", one) { _, context in try self.one(Self.id(context), context).response }
        let change = RouteDescription(
            "Look at a file anew, import it, stop that, or discard it.", access: .editorPage, answer: nil)
        routes.post("/data/import/{id}", change) { request, context in try await self.change(request, context) }
        let rejects = RouteDescription("The rows of a file that were rejected.", access: .editorPage, answer: nil)
        routes.get("/data/import/{id}/rejects", rejects) { _, context in try self.rejects(context) }
    }

    private static func id(_ context: ServerContext) throws -> Int64 {
        guard let id = Int64(try context.parameters.require("id")) else { throw APIError.noSuchImport }
        return id
    }

    // MARK: - Coming in

    private static let shownAccounts = 50

    private func list(_ context: ServerContext, wrong: APIError? = nil) throws -> Page {
        let view = ImportsView(
            viewer: try context.viewer(), accounts: try imports.records.newest(Self.shownAccounts),
            wrong: wrong?.message, mostBytes: Limits.uploadBytes.value, zone: sources.zone)
        return Page(view.shell, status: wrong?.status ?? .ok)
    }

    private func take(_ request: Request, _ context: ServerContext) async throws -> Response {
        guard let actor = context.actor else { throw APIError.sessionEnded }
        do {
            guard let type = request.headers[.contentType], var reader = MultipartReader(contentType: type) else {
                throw APIError.uploadBroken
            }
            let announced = request.headers[.contentLength].flatMap { Int($0) }
            let id = try await imports.take(announced: announced, by: actor) { file in
                try await Self.receive(request, &reader, into: file)
            }
            return .seeOther("/data/import/\(id)")
        } catch let error as APIError where error.code != "session-ended" {
            return try list(context, wrong: error).response(error)
        }
    }

    /// Writes the file of a form to the spool as it comes, and answers its name.
    private static func receive(
        _ request: Request, _ reader: inout MultipartReader, into file: UploadSpool.File
    ) async throws -> String {
        var name: String?
        var isInFile = false
        for try await buffer in request.body {
            guard let pieces = reader.take(buffer.readableBytesView) else { throw APIError.uploadBroken }
            for piece in pieces {
                switch piece {
                case .part(let field, let named):
                    isInFile = field == "file" && named != nil && name == nil
                    if isInFile { name = UploadName.shown(named ?? "") }
                case .bytes(let bytes) where isInFile:
                    guard file.bytes + bytes.count <= Limits.uploadBytes.value else { throw APIError.uploadTooLarge }
                    try file.append(bytes)
                case .bytes: break
                }
            }
        }
        guard reader.isWhole else { throw APIError.uploadBroken }
        guard let name, !name.isEmpty else { throw APIError.noFile }
        return name
    }

    // MARK: - One file

    private func one(_ id: Int64, _ context: ServerContext, alert: APIError? = nil) throws -> Page {
        let viewer = try context.viewer()
        if let waiting = imports.waiting(id) {
            let view = ImportWaitingView(
                viewer: viewer, account: waiting.account, form: waiting.form, glance: waiting.look.glance,
                result: waiting.look.result, alert: alert?.message, workspaceZone: sources.zone)
            let isWrong = !waiting.form.wrong.isEmpty
            return Page(view.shell, status: alert?.status ?? (isWrong ? .unprocessableContent : .ok))
        }
        guard let account = try imports.records.account(id) else { throw APIError.noSuchImport }
        if let running = imports.running(id) {
            let view = ImportRunningView(
                viewer: viewer, account: account, progress: running.progress, isStopping: running.isStopping)
            return Page(view.shell)
        }
        guard account.state.isOver else { throw APIError.noSuchImport }
        let view = ImportOverView(viewer: viewer, account: account, hasRejects: hasRejects(id), zone: sources.zone)
        return Page(view.shell)
    }

    private static let formBytes = 64 * 1_024

    private func change(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try Self.id(context)
        let fields = try await FormFields(request, limit: Self.formBytes)
        guard let actor = context.actor else { throw APIError.sessionEnded }
        switch fields["do"] {
        case "stop":
            imports.stop(id)
            return .seeOther("/data/import/\(id)")
        case "discard":
            imports.discard(id)
            return .seeOther("/data/import")
        default: break
        }
        guard let waiting = imports.look(id, ImportForm(fields)) else {
            // Somebody else was quicker, or it waited too long.
            return try one(id, context).response
        }
        guard fields["do"] == "import", waiting.form.wrong.isEmpty, waiting.look.isReadable else {
            return try one(id, context).response
        }
        do { try imports.start(id, by: actor) } catch let error as APIError {
            return try one(id, context, alert: error).response(error)
        }
        return .seeOther("/data/import/\(id)")
    }

    // MARK: - Rejects

    private func hasRejects(_ id: Int64) -> Bool { FileDownload(path: imports.rejectsPath(of: id)) != nil }

    private func rejects(_ context: ServerContext) throws -> Response {
        let id = try Self.id(context)
        guard try imports.records.account(id)?.state.isOver == true,
            let file = FileDownload(path: imports.rejectsPath(of: id))
        else {
            throw APIError(.notFound, "not-found", "No rows of this file are kept that were rejected.")
        }
        return file.response(type: "application/x-ndjson", name: "rejects-\(id).jsonl")
    }
}

/// The name of a file that somebody sent, as it may be shown.
enum UploadName {
    private static let characters = 200

    /// Without a path, and without characters that are not seen.
    static func shown(_ name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
        let decoded = last.replacing("%22", with: "\"").replacing("%0D", with: "").replacing("%0A", with: "")
        let seen = decoded.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: false
            default: true
            }
        }
        return String(String(String.UnicodeScalarView(seen)).prefix(Self.characters))
    }
}

extension ImportForm {
    /// What was typed and chosen.
    init(_ fields: FormFields) {
        self.init()
        kind = fields["kind"]
        zone = fields["zone"].trimmingBlanks
        currency = fields["currency"].trimmingBlanks
        keepsNames = fields["names"] == "keep"
        for field in Self.constants {
            let value = fields["k-\(field)"].trimmingBlanks
            if !value.isEmpty { constants[field] = value }
        }
        for index in 0..<Self.shownColumns where !fields["c\(index)"].isEmpty { columns[index] = fields["c\(index)"] }
    }
}

extension String {
    /// Without white space at its ends.
    var trimmingBlanks: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
