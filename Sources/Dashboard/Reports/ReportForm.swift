import EventModel

/// The pieces that the forms of reports are put together from. They are plain forms: what they ask stands in the address.
package enum ReportForm {
    /// A form around its fields, with a button that asks.
    ///
    /// - Parameter button: what it says.
    package static func form(_ path: String, name: String, _ content: HTML, button: String = "Show") -> HTML {
        """
        <form class="card ask" action="\(path)" data-report aria-label="\(name)">
        \(content)
        <div class="send"><button>\(button)</button></div>
        </form>
        """
    }

    /// Fields side by side, as many as there is room for.
    package static func row(_ fields: HTML...) -> HTML { "<div class=\"row\">\n\(fields)</div>\n" }

    /// A field for a text.
    ///
    /// - Parameters:
    ///   - id: where several fields have one name.
    ///   - list: the id of a list that is offered.
    ///   - more: attributes of the field.
    package static func input(
        _ name: String, _ label: String, _ value: String, id: String? = nil, type: String = "text", hint: String? = nil,
        wrong: String?, list: String? = nil, placeholder: String? = nil, more: HTML? = nil
    ) -> HTML {
        let id = id ?? name
        let list: HTML? = list.map { " list=\"\($0)\" autocomplete=\"off\"" }
        let placeholder: HTML? = placeholder.map { " placeholder=\"\($0)\"" }
        let plain: HTML? = type == "text" ? " autocapitalize=\"none\" spellcheck=\"false\"" : nil
        return field(
            id, label, hint, wrong,
            """
            <input id="\(id)" name="\(name)" type="\(type)" value="\(value)"\(list)\(placeholder)\(plain)\
            \(described(id, hint, wrong))\(more)>
            """)
    }

    /// A field for one of several choices.
    package static func select(
        _ name: String, _ label: String, _ options: [(value: String, title: String)], _ chosen: String,
        id: String? = nil, hint: String? = nil, wrong: String? = nil
    ) -> HTML {
        let id = id ?? name
        var options = options
        // What was typed stays, also when it is none of them.
        if !chosen.isEmpty, !options.contains(where: { $0.value == chosen }) { options.append((chosen, chosen)) }
        let lines = options.map { value, title -> HTML in
            let isChosen: HTML? = value == chosen ? " selected" : nil
            return "<option value=\"\(value)\"\(isChosen)>\(title)</option>\n"
        }
        return field(
            id, label, hint, wrong,
            "<select id=\"\(id)\" name=\"\(name)\"\(described(id, hint, wrong))>\n\(lines)</select>")
    }

    /// A field for a segment of the store.
    package static func segment(
        _ name: String, _ label: String, _ known: [SegmentName], _ chosen: String, nobody: String, id: String? = nil,
        hint: String? = nil, wrong: String?
    ) -> HTML {
        let options = [("", nobody)] + known.map { ($0.name.string, $0.title) }
        return select(name, label, options, chosen, id: id, hint: hint, wrong: wrong)
    }

    /// A list that fields offer; they refer to it by its id.
    package static func list(_ id: String, _ values: [String]) -> HTML {
        let options = values.map { "<option value=\"\($0)\"></option>" as HTML }
        return "<datalist id=\"\(id)\">\(options)</datalist>\n"
    }

    private static func described(_ id: String, _ hint: String?, _ wrong: String?) -> HTML? {
        var all: [String] = []
        if hint != nil { all.append("\(id)-hint") }
        if wrong != nil { all.append("\(id)-wrong") }
        guard !all.isEmpty else { return nil }
        let invalid: HTML? = wrong == nil ? nil : " aria-invalid=\"true\""
        return " aria-describedby=\"\(all.joined(separator: " "))\"\(invalid)"
    }

    private static func field(
        _ id: String, _ label: String, _ hint: String?, _ wrong: String?, _ input: HTML
    ) -> HTML {
        let hint: HTML? = hint.map { "\n<p class=\"hint\" id=\"\(id)-hint\">\($0)</p>" }
        let wrong: HTML? = wrong.map { "\n<p class=\"wrong\" id=\"\(id)-wrong\">\($0)</p>" }
        return """
            <div class="field"><label for="\(id)">\(label)</label>
            \(input)\(hint)\(wrong)
            </div>

            """
    }
}
