import Columns
import Dashboard
import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import Membership
import SegmentEngine
import SegmentLanguage

/// The pages on which segments are made and changed.
struct BuilderPages: Sendable {
    let sources: DashboardSources
    let audit: AuditLog

    func add(to routes: inout Routes) {
        let new = RouteDescription("The page for a new segment.", access: .editorPage, answer: nil)
        routes.get("/segments/new", new) { request, context in
            // What a report says of people comes along as a text; it is shown, not saved.
            let text = request.text("definition").flatMap { $0.isEmpty ? nil : $0.string.replacing("\r\n", with: "\n") }
            return try page(nil, text: text ?? SegmentBuilder.start, nil, context).response
        }
        let make = RouteDescription("Check or save a new segment.", access: .editorPage, answer: nil)
        routes.post("/segments/new", make) { request, context in try await self.take(nil, request, context) }
        let edit = RouteDescription("The page for changing a segment.", access: .editorPage, answer: nil)
        routes.get("/segments/{name}/edit", edit) { _, context in
            let name = try DashboardSources.name(context)
            guard let definition = sources.segments.memberships.program?[name] else { throw SegmentPages.missing(name) }
            return try page(name, text: Printer.text(of: definition), nil, context).response
        }
        let change = RouteDescription("Check or save a segment's definition.", access: .editorPage, answer: nil)
        routes.post("/segments/{name}/edit", change) { request, context in
            try await self.take(DashboardSources.name(context), request, context)
        }
    }

    private func page(
        _ name: Text?, text: String, _ outcome: SegmentBuilder.Outcome?, _ context: ServerContext
    ) throws -> Page {
        let program = sources.segments.memberships.program ?? .empty
        let builder = SegmentBuilder(
            viewer: try context.viewer(), name: name, title: name.flatMap { program[$0]?.title?.string ?? $0.string },
            text: text, outcome: outcome, program: program)
        return Page(builder.shell, status: outcome?.isRefused == true ? .unprocessableContent : .ok)
    }

    /// A form without scripts: checks what was typed, and saves it if that is asked for.
    private func take(_ name: Text?, _ request: Request, _ context: ServerContext) async throws -> Response {
        let form = try await FormFields(request, limit: Self.formBytes)
        let text = form["definition"].replacing("\r\n", with: "\n")
        let draft = try sources.segments.definitions.draft(Array(text.utf8))
        var problems = draft.problems.map { problem in
            let place = problem.line.map { "Line \($0): " } ?? ""
            return "\(place)\(problem.message) [\(problem.code)]"
        }
        let target = draft.names.first
        if draft.names.count != 1 {
            problems.append(
                "Write one segment here; files of many are put into the folder of definitions. [other-name]")
        } else if let name, target != name {
            problems.append("The segment is called “\(name)”; a new one is made on its own page. [other-name]")
        } else if name == nil, let target, sources.segments.memberships.program?[target] != nil {
            problems.append("There is a segment called “\(target)” already; choose another name. [name-taken]")
        }
        let isRefused =
            draft.isRefused || problems.contains { $0.hasSuffix("[other-name]") || $0.hasSuffix("[name-taken]") }
        guard !isRefused, let target else {
            let outcome = SegmentBuilder.Outcome(problems: problems, isRefused: true, size: nil, population: 0)
            return try page(name, text: text, outcome, context).response
        }
        if form["action"] == "save" {
            try sources.segments.definitions.save(draft)
            try await sources.segments.load()
            if let actor = context.actor { try audit.append("segment-saved", target.string, by: actor) }
            return .seeOther("/segments/\(pathPart(target.string))")
        }
        let (size, population) = try await count(target, in: draft.program)
        let outcome = SegmentBuilder.Outcome(problems: problems, isRefused: false, size: size, population: population)
        return try page(name, text: text, outcome, context).response
    }

    private static let formBytes = 256 * 1_024

    private func count(_ name: Text, in program: Program) async throws -> (size: Int, population: Int) {
        let snapshot = try sources.store.snapshot()
        let plan = Plan(program.selecting([name]), settings: snapshot.settings)
        let result = try await BatchEvaluator(plan: plan, source: snapshot).evaluate(at: sources.segments.clock.now())
        return (result.members[name]?.count ?? 0, result.population.count)
    }
}
