import EventModel
import EventStore

/// What the commands about identities answer, for people; made from the JSON, which the serving process may have sent.
enum IdentityText {
    /// The ids of a profile, and why they are its.
    static func report(_ json: JSONValue, zone: Zone, width: Int?, style: Style) -> String {
        let isUser = json.words(of: "kind") == "user"
        var text = "\(isUser ? "User" : "Anonymous") \(style.strong(printable(json.words(of: "profile"))))"
        let ids = json.object?["anonymousIds"]?.elements ?? []
        text += isUser ? ", \(counted(ids.count, "anonymous id"))\n" : "\n"
        let links = json.object?["links"]?.elements ?? []
        if links.isEmpty { text += "No message links an id to it.\n" }
        for part in [table(of: links, zone), table(ofHandles: json.object?["handles"]?.elements ?? [], zone)]
        where !part.rows.isEmpty {
            text += "\n" + part.text(width: width, style: style)
        }
        return text
    }

    private static func table(of links: [JSONValue], _ zone: Zone) -> Table {
        var table = Table([
            .text("anonymous id", flexible: true), .text("user", flexible: true), .text("since"), .text("said by"),
            .text(""),
        ])
        for link in links {
            let standing = IdentityReport.Standing(rawValue: link.words(of: "standing"))
            table.append([
                Table.Cell(link.words(of: "anonymousId")), Table.Cell(link.words(of: "userId")),
                Table.Cell(instant(link, "since", zone)),
                Table.Cell(link.words(of: "kind") == "alias" ? "an alias" : "a message with both"),
                Table.Cell(standing?.words ?? "", standing == .followed ? .plain : .dim),
            ])
        }
        return table
    }

    private static func table(ofHandles handles: [JSONValue], _ zone: Zone) -> Table {
        var table = Table([.text("handle", flexible: true), .text("of", flexible: true), .text("since"), .text("")])
        for use in handles {
            let counts = use.object?["counts"] == .bool(true)
            table.append([
                Table.Cell(use.words(of: "handle")), Table.Cell(use.words(of: "id")),
                Table.Cell(instant(use, "since", zone)),
                Table.Cell(counts ? "counts" : "past the limit of handles", counts ? .plain : .dim),
            ])
        }
        return table
    }

    /// What an unmerge, or taking one back, came to.
    static func decision(_ json: JSONValue) -> String {
        let (anonymous, user) = (printable(json.words(of: "anonymousId")), printable(json.words(of: "userId")))
        let profile = json.words(of: "profile")
        let what = json.words(of: "decision") == "unmerge" ? "is no longer \(user)" : "may be \(user) again"
        let isOwn = profile == json.words(of: "anonymousId")
        return "\(anonymous) \(what); it is \(isOwn ? "a profile of its own" : "part of \(printable(profile))") now\n"
    }

    /// All decisions, the oldest first.
    static func log(_ json: JSONValue, zone: Zone, width: Int?, style: Style) -> String {
        let decisions = json.object?["decisions"]?.elements ?? []
        if decisions.isEmpty { return "nothing was unmerged\n" }
        var table = Table([
            .text("when"), .text(""), .text("anonymous id", flexible: true), .text("user", flexible: true),
        ])
        for decision in decisions {
            table.append([
                Table.Cell(instant(decision, "time", zone)),
                Table.Cell(decision.words(of: "decision") == "unmerge" ? "unmerged" : "merged again"),
                Table.Cell(decision.words(of: "anonymousId")), Table.Cell(decision.words(of: "userId")),
            ])
        }
        return table.text(width: width, style: style)
    }

    private static func instant(_ json: JSONValue, _ name: Text, _ zone: Zone) -> String {
        guard let time = Timestamp(iso8601: Text(json.words(of: name)), zone: .utc) else { return "" }
        return columnInstant(time, in: zone)
    }
}

extension IdentityReport.Standing {
    fileprivate var words: String {
        switch self {
        case .followed: "counts"
        case .later: "another user was earlier"
        case .overLimit: "past the limit of links"
        case .aliasOfUser: "the id is a user's own"
        case .unmerged: "unmerged"
        }
    }
}
