import EventModel
import EventStore
import SegmentEngine

/// A segment's members as a list to take elsewhere, in the order of the ids.
struct MemberList: Sendable {
    struct Member: Sendable {
        let id: Text
        let email: String?
        let orders: Decimal128
        let revenue: Decimal128
        let lastSeen: Timestamp?
    }

    static let columns = ["profile_id", "email", "net_orders", "net_revenue", "last_seen"]
    static let metrics: [OwnMetric] = [.email, .netOrders, .netRevenue, .lastSeen]

    let members: [Member]

    init(_ members: [Member]) { self.members = members }

    init(of segment: Text, in result: BatchResult) {
        let profiles = result.members[segment]?.map { ProfileNumber($0) } ?? []
        members = profiles.map { profile in
            Member(
                id: result.id(of: profile), email: result.text(of: .email, profile),
                orders: result.number(of: .netOrders, profile) ?? .zero,
                revenue: result.number(of: .netRevenue, profile) ?? .zero,
                lastSeen: result.time(of: .lastSeen, profile))
        }.sorted { $0.id < $1.id }
    }

    /// The whole list as text in one of its forms, in pieces of some thousand lines.
    func pieces(as format: Members.ListFormat) -> some Sequence<String> {
        let header = format == .csv ? [CommaSeparated.line(Self.columns)] : []
        let count = members.count
        let starts = stride(from: 0, to: count, by: 4096)
        return [header.joined()]
            + starts.map { start in
                members[start..<min(start + 4096, count)].map { $0.line(as: format) }.joined()
            }
    }
}

extension MemberList.Member {
    func line(as format: Members.ListFormat) -> String {
        switch format {
        case .csv:
            CommaSeparated.line([
                id.string, email ?? "", "\(orders)", "\(revenue)", lastSeen?.iso8601 ?? "",
            ])
        case .jsonl:
            JSONValue.object([
                ("profileId", .string(id)), ("email", email.map { .text($0) }), ("netOrders", .number(orders)),
                ("netRevenue", .number(revenue)), ("lastSeen", lastSeen.map { .time($0) }),
            ]).lineText
        case .ids: id.string + "\n"
        }
    }
}
