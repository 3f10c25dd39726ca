import Analytics
import EventModel

extension ProfileView {
    /// So many messages a page of the timeline has.
    static let messagesOnAPage = 50

    /// What happened, the newest first; older pages are linked, and scripts load them while one scrolls.
    var timeline: HTML {
        let all = history.rows.reversed().filter { window.event == nil || $0.event == window.event }
        let shown = all.dropFirst(window.skipped).prefix(Self.messagesOnAPage)
        let left = all.count - window.skipped - shown.count
        let items = shown.map(item)
        let filter: HTML? = window.event.map { "&amp;event=\(pathPart($0.string))" }
        let older: HTML? =
            left > 0
            ? """
            <p class="pager"><a rel="next" data-older href="\(path)?skip=\(String(window.skipped + shown.count))\(filter)#timeline">\
            \(counted(left, "older message"))</a></p>
            """ : nil
        let list: HTML =
            shown.isEmpty
            ? "<p class=\"soft\">Nothing of that kind happened.</p>"
            : "<ol class=\"timeline\" id=\"messages\">\n\(items)</ol>"
        return """
            <section class="card" id="timeline"><header><h2>Timeline</h2>\(eventFilter)</header>
            \(list)
            \(older)</section>
            """
    }

    private var eventFilter: HTML {
        var counts: [Text: Int] = [:]
        for message in history.rows where message.kind.isEvent { counts[message.event, default: 0] += 1 }
        let options = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, count -> HTML in
            let selected: HTML? = name == window.event ? " selected" : nil
            return "<option value=\"\(name.string)\"\(selected)>\(name.string) (\(grouped(count)))</option>\n"
        }
        return """
            <form class="actions" action="\(path)#timeline"><label class="visually-hidden" for="event">Only this event</label>
            <select id="event" name="event"><option value="">All events</option>
            \(options)</select><button class="quiet">Show</button></form>
            """
    }

    private func item(_ message: Message) -> HTML {
        let isEvent = message.kind.isEvent
        let name = isEvent ? message.event.string : "Said who they are"
        let telling = message.telling.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        let members = isEvent ? message.properties : message.traits
        let all: HTML? =
            members.isEmpty
            ? nil
            : """
            <details><summary>All of it</summary><pre class="text" tabindex="0">\(JSONText.indented(.object(members)))</pre></details>
            """
        let products = history.items(of: message).compactMap { $0.name?.string ?? $0.product?.string }
            .filter { !telling.contains($0) }.prefix(4)
        let bought: HTML? = products.isEmpty ? nil : " <span class=\"soft\">\(products.joined(separator: ", "))</span>"
        return """
            <li>\(Pieces.time(message.time, in: zone))<div><strong>\(name)</strong> \
            <span class="soft">\(isEvent ? telling : "")</span>\(bought)\(all)</div></li>

            """
    }
}

/// JSON as people read it: a member a line.
enum JSONText {
    static func indented(_ value: JSONValue, indent: Int = 0) -> String {
        let space = String(repeating: "  ", count: indent + 1)
        let end = String(repeating: "  ", count: indent)
        switch value {
        case .object(let object) where !object.isEmpty:
            let lines = object.members.map { member in
                "\(space)\(JSONWriter.text(of: .string(member.key))): \(indented(member.value, indent: indent + 1))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(end)}"
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { space + indented($0, indent: indent + 1) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(end)]"
        default: return JSONWriter.text(of: value)
        }
    }
}
