package import EventModel

/// The account of a file that was imported.
package struct ImportOverView: Sendable {
    let viewer: Viewer
    let account: ImportAccount
    let hasRejects: Bool
    let zone: Zone

    package init(viewer: Viewer, account: ImportAccount, hasRejects: Bool, zone: Zone) {
        self.viewer = viewer
        self.account = account
        self.hasRejects = hasRejects
        self.zone = zone
    }

    package var shell: Shell {
        var shell = Shell(title: account.name, viewer: viewer, place: .data, body: body)
        shell.hasErrors = account.state == .failed || account.state == .broken
        return shell
    }

    private var body: HTML {
        """
        \(Pieces.head(account.name, back: ("/data/import", "Import"), about: "\(about)", actions: """
            <a class="button quiet" href="/data/import">Another file</a><a class="button" href="/segments">To the segments</a>
            """))
        \(news)
        \(figures)
        <div class="halves">\(events)\(refused)</div>
        """
    }

    private var about: HTML {
        let format = account.result["format"]?.text?.string
        let ended: HTML? = account.ended.map { ", ended \(Pieces.time($0, in: zone))" }
        let time: HTML? = (account.result["milliseconds"]?.decimal?.asInt()).map {
            " after \(spokenDuration(milliseconds: Int64($0)))"
        }
        return
            "\(account.state.tag) \(format.map { "\($0.capitalizedFirst), " } ?? "")\(byteSize(account.bytes)), sent by \(account.actor)\(ended)\(time)"
    }

    private var news: HTML? {
        let again =
            "What was taken stays; send the same file again, and it goes on from there: nothing is stored twice."
        switch account.state {
        case .complete:
            return account.count("stored") + account.count("products") == 0 && account.rejected == 0
                ? "<p class=\"done\" role=\"status\">Everything in this file was there already.</p>" : nil
        case .interrupted: return "<p class=\"note warn\" role=\"status\">It was stopped. \(again)</p>"
        case .broken: return "<p class=\"note bad\" role=\"status\">The server ended amid it. \(again)</p>"
        case .failed:
            let code: HTML? = (account.result["problem"]?.object?["code"]?.text?.string).map {
                " <span class=\"soft\">[\($0)]</span>"
            }
            return "<div class=\"alert\" role=\"alert\">\(account.problem ?? "It failed.")\(code)</div>"
        case .waiting, .running: return nil
        }
    }

    private var figures: HTML? {
        guard account.result["rows"] != nil else { return nil }
        var figures: [(name: String, figure: HTML, note: HTML?)] = [
            ("Rows", "\(grouped(account.count("rows")))", nil),
            ("Stored", "\(grouped(account.count("stored")))", "messages that were not there"),
            ("There already", "\(grouped(account.count("duplicates")))", "stored once only"),
            (
                "Rejected", "\(grouped(account.rejected))",
                hasRejects ? "<a href=\"\(account.path)/rejects\" download>download them</a>" : nil
            ),
        ]
        let products = account.count("products") + account.count("productsUnchanged")
        if products > 0 {
            figures.append(
                (
                    "Products", "\(grouped(account.count("products")))",
                    "\(grouped(account.count("productsUnchanged"))) unchanged"
                ))
        }
        if account.count("orders") > 0 {
            let revenue = account.result["revenue"]?.decimal
            figures.append(
                (
                    "Orders", "\(grouped(account.count("orders")))",
                    revenue.map { "revenue \(groupedDecimal("\($0)", places: 2))" }
                ))
        }
        if account.count("profiles") > 0 {
            figures.append(("Ids", "\(grouped(account.count("profiles")))", "named in the file"))
        }
        return Pieces.figures(figures)
    }

    private var events: HTML? {
        let events = account.counts("storedByEvent")
        guard !events.isEmpty else { return nil }
        return """
            <section class="card flush"><h2>What was stored</h2>
            \(Pieces.table("Messages by event", [.text("Event"), .number("Stored")], events.map { name, count in
                let isEvent = !name.hasPrefix("$")
                return [
                    isEvent ? "<a href=\"/data/events/\(pathPart(name))\">\(name)</a>" : "\(name == "$identify" ? "Traits" : name)",
                    "\(grouped(count))",
                ]
            }))</section>
            """
    }

    private var refused: HTML? {
        let rows =
            account.counts("rejected").map { ($0.name, "rejected", "bad", $0.count) }
            + account.counts("passedOver").map { ($0.name, "passed over", "", $0.count) }
            + account.counts("warnings").map { ($0.name, "changed", "warn", $0.count) }
        guard !rows.isEmpty else { return nil }
        let link: HTML? =
            hasRejects
            ? "<p><a href=\"\(account.path)/rejects\" download>The rejected rows</a>, each with its line and why</p>"
            : nil
        return """
            <section class="card flush"><h2>What was not stored as it came</h2>
            \(Pieces.table("Rows and messages by reason", [.text("Reason"), .text("So it was"), .number("Count")], rows.map { reason, fate, tone, count in
                ["<code>\(reason)</code>", Pieces.tag(fate, tone), "\(grouped(count))"]
            }))\(link)</section>
            """
    }
}
