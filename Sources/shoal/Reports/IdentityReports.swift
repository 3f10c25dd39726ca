import EventModel
import EventStore

extension IdentityReport {
    var json: JSONValue {
        .object([
            ("profile", .string(profile)), ("kind", .text(isUser ? "user" : "anonymous")),
            ("anonymousIds", .array(anonymousIDs.map { .string($0) })),
            (
                "links",
                .array(
                    links.map { link in
                        .object([
                            ("anonymousId", .string(link.anonymous)), ("userId", .string(link.user)),
                            ("kind", .text(link.kind.name)), ("since", .time(link.since)),
                            ("standing", .text(link.standing.rawValue)),
                        ])
                    })
            ),
            (
                "handles",
                .array(
                    handles.map { use in
                        .object([
                            ("id", .string(use.id)), ("idKind", .text(use.isUser ? "user" : "anonymous")),
                            ("handle", .string(use.handle)), ("since", .time(use.since)), ("counts", .bool(use.counts)),
                        ])
                    })
            ),
        ])
    }
}

extension LinkKind {
    fileprivate var name: String {
        switch self {
        case .together: "together"
        case .alias: "alias"
        case .handle: "handle"
        }
    }
}

extension EventStore.LoggedDecision {
    var json: JSONValue {
        .object([
            ("decision", .text(isUnmerge ? "unmerge" : "remerge")), ("anonymousId", .string(anonymous)),
            ("userId", .string(user)), ("time", .time(time)),
        ])
    }
}

/// What an unmerge, or taking one back, came to.
struct DecisionReport {
    private let decision: EventStore.LoggedDecision
    private let profile: Text

    /// - Throws: why nothing was decided.
    init(
        _ outcome: EventStore.DecisionOutcome, _ anonymous: String, _ user: String?, isUnmerge: Bool
    ) throws(CommandError) {
        let show = "\"shoal identity show \(anonymous)\" tells what there is"
        switch outcome {
        case .done(let decision, let profile):
            self.decision = decision
            self.profile = profile
        case .unknownAnonymous:
            throw CommandError(
                "unknown-identifier", .usage, "no message has the anonymous id \"\(anonymous)\"",
                advice: "\"shoal identity show USER\" lists the anonymous ids of a user")
        case .unknownUser:
            throw CommandError(
                "unknown-identifier", .usage, "no message has the user id \"\(user ?? "")\"", advice: show)
        case .sameText:
            throw CommandError(
                "same-id", .usage, "\"\(anonymous)\" is a user id too, and belongs to that user",
                advice: "have the sender use other anonymous ids")
        case .several(let users):
            throw CommandError(
                "several-users", .usage, "\"\(anonymous)\" was unmerged from \(users.count) users",
                at: users.prefix(10).map(\.string).joined(separator: ", "), advice: "name one with --to")
        case .nothingToDo where isUnmerge:
            throw CommandError(
                "not-linked", .usage,
                user.map { "\"\(anonymous)\" has no link to \"\($0)\" that counts" }
                    ?? "\"\(anonymous)\" belongs to no user", advice: show)
        case .nothingToDo:
            throw CommandError(
                "not-unmerged", .usage, "\"\(anonymous)\" was not unmerged\(user.map { " from \"\($0)\"" } ?? "")",
                advice: "\"shoal identity log\" lists what was")
        }
    }

    var json: JSONValue {
        guard case .object(var object) = decision.json else { return decision.json }
        object["profile"] = .string(profile)
        return .object(object)
    }
}
