/// Fields of the forms of admins and editors, each with what is wrong with it beside it.
package enum FormPieces {
    /// A line to type into.
    ///
    /// - Parameters:
    ///   - value: as it was typed.
    ///   - attributes: more of the input: its type, whether it is required.
    package static func line(
        _ name: String, _ label: String, _ value: String, hint: HTML? = nil, wrong: String? = nil,
        _ attributes: HTML? = nil
    ) -> HTML {
        let (parts, said) = surroundings(name, hint: hint, wrong: wrong)
        return """
            <div class="field"><label for="\(name)">\(label)</label>\(parts.hint)
            <input id="\(name)" name="\(name)" value="\(value)" autocomplete="off"\(attributes)\(said)>\(parts.wrong)</div>

            """
    }

    /// One of some values, each with its words.
    package static func choice(
        _ name: String, _ label: String, _ chosen: String, _ options: [(String, String)], hint: HTML? = nil,
        wrong: String? = nil
    ) -> HTML {
        let (parts, said) = surroundings(name, hint: hint, wrong: wrong)
        return """
            <div class="field"><label for="\(name)">\(label)</label>\(parts.hint)
            <select id="\(name)" name="\(name)"\(said)>\(self.options(options, chosen))</select>\(parts.wrong)</div>

            """
    }

    package static func options(_ options: [(String, String)], _ chosen: String) -> HTML {
        options.map { value, words -> HTML in
            let selected: HTML? = value == chosen ? " selected" : nil
            return "<option value=\"\(value)\"\(selected)>\(words)</option>"
        }.joined
    }

    /// Something to agree to.
    package static func check(_ name: String, _ words: String, isChecked: Bool = false, wrong: String? = nil) -> HTML {
        let (parts, said) = surroundings(name, hint: nil, wrong: wrong)
        let checked: HTML? = isChecked ? " checked" : nil
        return """
            <div class="field"><label class="check" for="\(name)"><input id="\(name)" type="checkbox" name="\(name)" value="yes"\(checked)\(said)> \
            \(words)</label>\(parts.wrong)</div>

            """
    }

    private static func surroundings(
        _ name: String, hint: HTML?, wrong: String?
    ) -> (parts: (hint: HTML?, wrong: HTML?), said: HTML?) {
        let said = [hint == nil ? nil : "\(name)-hint", wrong == nil ? nil : "\(name)-wrong"].compactMap(\.self)
        let described: HTML? = said.isEmpty ? nil : " aria-describedby=\"\(said.joined(separator: " "))\""
        let invalid: HTML? = wrong == nil ? nil : " aria-invalid=\"true\""
        return (
            (
                hint.map { "<p class=\"hint\" id=\"\(name)-hint\">\($0)</p>" },
                wrong.map { "<p class=\"wrong\" id=\"\(name)-wrong\">\($0)</p>" }
            ), "\(described)\(invalid)"
        )
    }

    /// Something that is shown this once.
    package static func once(_ words: HTML, _ text: String, button: String) -> HTML {
        """
        <div class="note" role="status"><p>\(words)</p><pre class="text" id="once" tabindex="0">\(text)</pre>
        <p class="actions"><button class="quiet" type="button" data-copy="once" hidden>\(button)</button></p></div>
        """
    }

    package static func alert(_ text: String?) -> HTML? { text.map { "<p class=\"alert\" role=\"alert\">\($0)</p>" } }
    package static func done(_ text: String?) -> HTML? { text.map { "<p class=\"done\" role=\"status\">\($0)</p>" } }
}
