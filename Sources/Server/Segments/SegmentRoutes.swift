import Columns
import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import Membership
import SegmentEngine
import SegmentLanguage

/// Definitions of segments: what there is, previews, new versions.
struct SegmentRoutes: Sendable {
    let segments: LiveSegments
    /// Previews are made one after another: each takes all cores.
    private let turnstile = Turnstile()

    init(segments: LiveSegments) { self.segments = segments }

    /// A definition is a few lines; whole files are put into the folder of definitions.
    private static let bodyBytes = 64 * 1_024

    func add(to routes: inout Routes) {
        let list = RouteDescription("List the segments with their sizes.", access: .viewer, answer: .object)
        routes.get("/v1/segments", list) { request, _ in
            return Response(try self.list())
        }
        let show = RouteDescription("A segment, its definition and its size.", access: .viewer, answer: .object)
        routes.get("/v1/segments/{name}", show) { request, context in
            return Response(try self.show(context.pathText("name")))
        }
        let versions = RouteDescription("The versions a segment had.", access: .viewer, answer: .object)
        routes.get("/v1/segments/{name}/versions", versions) { request, context in
            let name = try context.pathText("name")
            let versions = try segments.memberships.versions(of: name).map { version -> JSONValue in
                .object([
                    ("version", .count(version.number)), ("since", .time(version.since)),
                    ("definition", .string(version.text)),
                ])
            }
            return Response(.object([("segment", .string(name)), ("versions", .array(versions))]))
        }
        let preview = RouteDescription(
            "Who would be in a segment, beside who is; nothing is saved.", access: .viewer, body: .definition,
            answer: .object)
        routes.post("/v1/segments:preview", preview) { request, _ in
            let draft = try await self.draft(request)
            return Response(try await turnstile.pass { try await self.preview(draft) })
        }
        let save = RouteDescription(
            "Save a definition; the old version serves until the new one is complete.", access: .editor,
            body: .definition, answer: .object, action: "segment-saved")
        routes.put("/v1/segments/{name}", save) { request, context in
            let name = try context.pathText("name")
            let draft = try await self.draft(request)
            guard draft.names == [name] else {
                throw APIError(
                    .badRequest, "other-name",
                    "The definition is of \"\(draft.names.first ?? "")\", the path of \"\(name)\".")
            }
            try segments.definitions.save(draft)
            try await segments.load()
            return Response(try self.show(name))
        }
        var remove = RouteDescription(
            "Take a segment away; its log stays.", access: .editor, answer: .object,
            action: "segment-removed")
        remove.mayConflict = true
        routes.delete("/v1/segments/{name}", remove) { request, context in
            let name = try context.pathText("name")
            try self.requireUnused(name)
            try segments.definitions.remove(name)
            try await segments.load()
            return Response(.object([("removed", .string(name))]))
        }
        let refresh = RouteDescription(
            "Find thresholds of ranks anew, now.", access: .editor, answer: .object,
            action: "ranks-refreshed")
        routes.post("/v1/ranks:refresh", refresh) { request, _ in
            try await segments.memberships.refreshRanks()
            return Response(.object([("watermark", segments.memberships.condition.watermark?.json ?? .null)]))
        }
    }

    // MARK: - What there is

    private func list() throws -> JSONValue {
        let set = try segments.definitions.read()
        let condition = segments.memberships.condition
        return .object([
            (
                "segments",
                .array(
                    set.program.segments.filter { !set.isHelper($0.name) }.map { definition in
                        let membership = try? segments.memberships.membership(of: definition.name)
                        return .object([
                            ("name", .string(definition.name)), ("title", definition.title.map { .string($0) }),
                            ("size", membership.map { .count($0.members.count) } ?? .null),
                            ("version", membership.map { .count($0.version) }),
                            ("sequence", membership.map { .count(Int($0.sequence)) }),
                        ])
                    })
            ),
            ("building", .array(condition.building.map { .string($0) })),
            ("problems", .array(set.problems.map(\.json))),
            ("watermark", condition.watermark?.json ?? .null),
        ])
    }

    private func show(_ name: Text) throws -> JSONValue {
        let membership = try segments.memberships.membership(of: name)
        let definition = segments.memberships.program?[name]
        return .object([
            ("name", .string(name)), ("title", definition?.title.map { .string($0) }),
            ("definition", definition.map { .text(Printer.text(of: $0)) }),
            ("size", .count(membership.members.count)), ("version", .count(membership.version)),
            ("sequence", .count(Int(membership.sequence))), ("watermark", membership.watermark.json),
        ])
    }

    private func requireUnused(_ name: Text) throws {
        guard let program = segments.memberships.program, program[name] != nil else {
            throw APIError(MembershipError.noSegment(name))
        }
        let users = program.definitions.filter { $0.references().contains { $0.name == name } }.map(\.name)
        guard users.isEmpty else {
            throw APIError(
                .conflict, "segment-in-use",
                "Other definitions refer to \"\(name)\": \(users.map(\.string).joined(separator: ", ")).")
        }
    }

    // MARK: - Drafts

    /// The definition of a body: a text, or an object with it under `definition`.
    private func draft(_ request: Request) async throws -> DefinitionDraft {
        var text = try await RequestBody.read(request, limit: Self.bodyBytes)
        if request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true {
            guard case .object(let object)? = try? JSONReader.parse(text), let own = object["definition"]?.text else {
                throw APIError(
                    .badRequest, "missing-definition", "The body is an object with the text under \"definition\".")
            }
            guard object.count == 1 else {
                throw APIError(
                    .badRequest, "unknown-member", "The body has nothing but the text under \"definition\".")
            }
            text = Array(own.utf8)
        }
        let draft = try segments.definitions.draft(text)
        guard !draft.isRefused, !draft.names.isEmpty else {
            throw APIError(
                .unprocessableContent, "bad-definition",
                draft.problems.first(where: \.isError)?.message ?? "There is no definition in the body.",
                details: JSONObject([("problems", .array(draft.problems.map(\.json)))]))
        }
        return draft
    }

    /// `{"name", "size", "population", "entering", "leaving", "sample", "problems", "watermark"}` of each segment.
    private func preview(_ draft: DefinitionDraft) async throws -> JSONValue {
        let snapshot = try segments.store.snapshot()
        let now = segments.clock.now()
        let program = Program(inDependencyOrder: draft.program.definitions, costs: draft.program.costs)
        let plan = Plan(program, settings: snapshot.settings)
        let names = Set(draft.names.filter { program[$0]?.condition != nil })
        let result = try await BatchEvaluator(plan: plan, source: snapshot).evaluate(
            at: now, BatchEvaluator.Request(definitions: names))
        let answers = draft.names.filter { names.contains($0) }.map { name -> JSONValue in
            let members = result.members[name] ?? Bitmap()
            let current = try? segments.memberships.membership(of: name).members
            let common = current.map { $0.intersectionCount(members) } ?? 0
            return .object([
                ("name", .string(name)), ("size", .count(members.count)),
                ("population", .count(result.population.count)),
                ("entering", current.map { _ in .count(members.count - common) }),
                ("leaving", current.map { .count($0.count - common) }),
                ("sample", .array(members.lazy.prefix(20).map { .string(result.id(of: ProfileNumber($0))) })),
            ])
        }
        return .object([
            ("segments", .array(answers)), ("problems", .array(draft.problems.map(\.json))),
            ("watermark", MembershipWatermark(arrival: snapshot.arrival, instant: now).json),
        ])
    }
}
