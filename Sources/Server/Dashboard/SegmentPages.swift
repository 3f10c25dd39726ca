import Columns
import Dashboard
import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import Membership
import NIOCore
import SegmentEngine
import SegmentLanguage

/// The pages about segments: all of them, one, its members.
struct SegmentPages: Sendable {
    let sources: DashboardSources

    func add(to routes: inout Routes) {
        let board = RouteDescription("The page of all segments.", access: .ownPage, answer: nil)
        routes.get("/segments", board) { _, context in try await self.board(context) }
        let one = RouteDescription("The page of a segment.", access: .ownPage, answer: nil)
        routes.get("/segments/{name}", one) { _, context in
            try await self.segment(DashboardSources.name(context), context)
        }
        let members = RouteDescription("The page of a segment's members.", access: .ownPage, answer: nil)
        routes.get("/segments/{name}/members", members) { request, context in
            try await self.members(DashboardSources.name(context), request, context)
        }
        let file = RouteDescription("A segment's members as a file.", access: .ownPage, answer: nil)
        routes.get("/segments/{name}/members.csv", file) { _, context in
            try await self.file(DashboardSources.name(context))
        }
    }

    private func board(_ context: ServerContext) async throws -> Response {
        let (entries, problems) = try sources.entries()
        let figures = await sources.figures.board(patience: DashboardSources.patience)
        let page = SegmentBoard(
            viewer: try context.viewer(), entries: entries, figures: figures,
            profiles: try sources.profiles(figures), zone: sources.zone, currency: sources.currency,
            problems: problems.map { problem in
                let place = [problem.file, problem.line.map(String.init)].compactMap(\.self).joined(separator: ":")
                return "\(place.isEmpty ? "" : place + ": ")\(problem.message) [\(problem.code)]"
            }
        ).page
        return Page(page).response
    }

    private static let shownChanges = 20

    private func segment(_ name: Text, _ context: ServerContext) async throws -> Response {
        let (entries, _) = try sources.entries()
        guard let entry = entries.first(where: { $0.definition.name == name }) else { throw Self.missing(name) }
        let memberships = sources.segments.memberships
        let figures = await sources.figures.board(patience: DashboardSources.patience)
        let detail = await sources.figures.detail(of: name, patience: DashboardSources.patience)
        let last = (try? memberships.membership(of: name).sequence) ?? 0
        let changes =
            last > 0
            ? try memberships.changes(
                of: name, after: max(0, last - Int64(Self.shownChanges)), limit: Self.shownChanges) : []
        let snapshot = try sources.store.snapshot()
        let page = SegmentView(
            viewer: try context.viewer(), entry: entry, others: entries, figures: figures, detail: detail,
            versions: (try? memberships.versions(of: name)) ?? [],
            changes: changes.reversed().filter { $0.kind == .entered || $0.kind == .left }.map { change in
                let id = change.profile.flatMap { snapshot.isErased($0) ? nil : snapshot.profileID(of: $0).string }
                return (change, id)
            },
            profiles: try sources.profiles(figures), zone: sources.zone, currency: sources.currency
        ).page
        return Page(page).response
    }

    static func missing(_ name: Text) -> APIError {
        APIError(
            .notFound, "unknown-segment",
            "There is no segment “\(name)”. It may have been renamed, or its file has an error.")
    }

    // MARK: - Members

    private func members(_ name: Text, _ request: Request, _ context: ServerContext) async throws -> Response {
        guard let definition = sources.segments.memberships.program?[name], definition.condition != nil else {
            throw Self.missing(name)
        }
        let members = try sources.segments.memberships.membership(of: name).members
        let figures = await sources.figures.board(patience: DashboardSources.patience)
        let snapshot = try sources.store.snapshot()
        let list = MemberList(
            viewer: try context.viewer(), name: name, title: definition.title?.string ?? name.string,
            asked: request.text("q")?.string ?? "", page: try request.number("page", 1...1_000_000) ?? 1,
            members: members, people: figures?.people,
            order: figures?.byRevenue ?? .none, id: { snapshot.profileID(of: $0) }, zone: sources.zone,
            currency: sources.currency)
        return Page(list.shell).response
    }

    private static let linesInAPiece = 4_096

    private func file(_ name: Text) async throws -> Response {
        let members = try sources.segments.memberships.membership(of: name).members
        // A file with gaps would be worse than one that takes a moment.
        guard let people = await sources.figures.board(patience: .seconds(30))?.people else {
            throw APIError(
                .serviceUnavailable, "segment-building", "The figures of members are being computed; try again soon.",
                retryAfter: 5)
        }
        let snapshot = try sources.store.snapshot()
        var headers = HTTPFields()
        headers[.contentType] = "text/csv; charset=utf-8"
        headers[.contentDisposition] = "attachment; filename=\"\(name.string).csv\""
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                var piece = CommaSeparated.line(MemberList.columns)
                var lines = 0
                for number in members {
                    let profile = ProfileNumber(number)
                    let member = MemberList.Member(profile, id: snapshot.profileID(of: profile), people)
                    piece += CommaSeparated.line([
                        member.id, member.name ?? "", member.email ?? "", member.orders.map { "\($0)" } ?? "",
                        member.revenue.map { "\($0)" } ?? "", member.lastSeen?.iso8601 ?? "",
                    ])
                    lines += 1
                    if lines % Self.linesInAPiece == 0 {
                        try await writer.write(ByteBuffer(string: piece))
                        piece = ""
                    }
                }
                try await writer.write(ByteBuffer(string: piece))
                try await writer.finish(nil)
            })
    }
}
