import EventModel

/// The settings for people and programs: `shoal serve --print-config`.
extension Settings {
    func text(width: Int?, style: Style) -> String {
        var table = Table([.text("setting"), .text("value", flexible: true), .text("from", flexible: true)])
        for entry in entries {
            let isBuiltIn = entry.source == .builtIn
            table.append([
                Table.Cell(entry.setting.name), Table.Cell(entry.value.words),
                Table.Cell(entry.source.place(of: entry.setting) ?? "built in", isBuiltIn ? .dim : .plain),
            ])
        }
        return table.text(width: width, style: style)
    }

    /// `{"file", "settings": [{"name", "value", "from", "place"}]}`
    var json: JSONValue {
        var members: [JSONObject.Member] = []
        if let file { members.append(("file", .string(Text(file)))) }
        let settings = entries.map { entry in
            var members: [JSONObject.Member] = [
                ("name", .string(Text(entry.setting.name))), ("value", entry.value.json),
                ("from", .string(Text(entry.source.word))),
            ]
            if let place = entry.source.place(of: entry.setting) { members.append(("place", .string(Text(place)))) }
            return JSONValue.object(JSONObject(members))
        }
        members.append(("settings", .array(settings)))
        return .object(JSONObject(members))
    }
}
