/// Who looks at a page.
package struct Viewer: Sendable {
    package let name: String
    package let email: String
    /// As it is shown.
    package let role: String
    /// Whether they may save segments.
    package let mayEdit: Bool
    /// Whether they look after users, keys and people's data.
    package let isAdmin: Bool
    /// What the workspace is called; nil: nobody said.
    package let workspace: String?

    package init(
        name: String, email: String, role: String, mayEdit: Bool, isAdmin: Bool, workspace: String? = nil
    ) {
        self.name = name
        self.email = email
        self.role = role
        self.mayEdit = mayEdit
        self.isAdmin = isAdmin
        self.workspace = workspace
    }
}

/// A part of the dashboard, as the navigation lists them.
package enum Place: String, CaseIterable, Sendable {
    case overview, segments, profiles, funnels, retention, paths, rfm, satisfaction, data, settings

    /// As the navigation shows them, with a title over those of a kind.
    static let groups: [(title: String?, places: [Place])] = [
        (nil, [.overview, .segments, .profiles]), ("Reports", [.funnels, .retention, .paths, .rfm, .satisfaction]),
        ("Store", [.data, .settings]),
    ]

    package var title: String { self == .rfm ? "RFM" : rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    package var path: String { self == .overview ? "/" : "/\(rawValue)" }

    /// A line drawing of 24 by 24.
    var icon: HTML {
        let paths =
            switch self {
            case .overview: "M4 20V11M10 20V4M16 20v-7M21 20H3"
            case .segments: "M12 3a9 9 0 1 0 9 9h-9zM15.5 3.7A9 9 0 0 1 20.3 8.5h-4.8z"
            case .profiles: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5"
            case .funnels: "M3 4h18l-7 8.5V19l-4 2v-8.5z"
            case .retention: "M20 12a8 8 0 1 1-2.5-5.8M20 3v4.5h-4.5M12 8v4.5l3 2"
            case .paths: "M4 6h4c6 0 4 12 10 12h2M4 18h4c3 0 4-3 5-6s2-6 5-6h2"
            case .rfm: "M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"
            case .satisfaction: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c1.8 2.4 5.2 2.4 7 0M9 9.5v.5M15 9.5v.5"
            case .data:
                "M12 8.5c4.4 0 8-1.3 8-3S16.4 2.5 12 2.5s-8 1.3-8 3 3.6 3 8 3zM4 5.5v6.5c0 1.7 3.6 3 8 3s8-1.3 8-3V5.5M4 12v6.5c0 1.7 3.6 3 8 3s8-1.3 8-3V12"
            case .settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5v-5M9 19.5v-5"
            }
        return "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\"><path d=\"\(paths)\"/></svg>"
    }
}
