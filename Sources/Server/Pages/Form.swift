import Dashboard
import EventModel
import Hummingbird

/// The fields of a form as a browser sends it: `application/x-www-form-urlencoded`.
struct FormFields: Sendable {
    private var values: [String: String] = [:]

    init() {}

    /// - Throws: `bad-form` for what is no form, and when it is too large.
    init(_ request: Request, limit: Int = Limits.formBytes.value) async throws {
        let type = request.headers[.contentType]?.lowercased().prefix { $0 != ";" }
        guard type == "application/x-www-form-urlencoded" else { throw Self.bad }
        let body: [UInt8]
        do { body = try await RequestBody.read(request, limit: limit) } catch let error as APIError
            where error.status == .contentTooLarge
        {
            throw APIError(.contentTooLarge, Limits.formBytes.code, "That is more than fits into this form.")
        }
        try self.init(body)
    }

    init(_ body: [UInt8]) throws(APIError) {
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count == 2 ? parts[1] : []),
                values.updateValue(value, forKey: name) == nil
            else { throw Self.bad }
        }
    }

    /// What was typed; empty when there is no such field.
    subscript(name: String) -> String { values[name] ?? "" }

    private static let bad = APIError(.badRequest, "bad-form", "The form cannot be read; go back and send it again.")

    /// Nil for what is no UTF-8, or has a `%` without digits.
    static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                result.append(high << 4 | low)
            default: result.append(byte)
            }
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// A field of a form with its label, what to know before, what was typed and what is wrong with it.
struct FormField {
    enum Kind {
        case text(autocomplete: String)
        case email
        case newPassword, currentPassword
    }

    var name: String
    var label: String
    var kind: Kind
    var hint: String?
    /// Shown again; of a password never.
    var value = ""
    var wrong: String?
    var isFocused = false

    var html: HTML {
        var described: [String] = []
        if hint != nil { described.append("\(name)-hint") }
        if wrong != nil { described.append("\(name)-wrong") }
        let describedBy: HTML? = described.isEmpty ? nil : " aria-describedby=\"\(described.joined(separator: " "))\""
        let hint: HTML? = hint.map { "<p class=\"hint\" id=\"\(name)-hint\">\($0)</p>\n" }
        let wrong: HTML? = wrong.map { "\n<p class=\"wrong\" id=\"\(name)-wrong\">\($0)</p>" }
        let invalid: HTML? = self.wrong == nil ? nil : " aria-invalid=\"true\""
        let focus: HTML? = isFocused ? " autofocus" : nil
        return """
            <div class="field" id="\(name)-field">
            <label for="\(name)">\(label)</label>
            \(hint)<input id="\(name)" name="\(name)" required\(attributes)\(describedBy)\(invalid)\(focus)>\(wrong)
            </div>

            """
    }

    private var attributes: HTML {
        switch kind {
        case .text(let autocomplete):
            " type=\"text\" autocomplete=\"\(autocomplete)\" value=\"\(value)\""
        case .email:
            " type=\"email\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" value=\"\(value)\""
        case .newPassword: " type=\"password\" autocomplete=\"new-password\""
        case .currentPassword: " type=\"password\" autocomplete=\"current-password\""
        }
    }

    /// Shows passwords while they are typed; without scripts it stays hidden.
    static let passwordSwitch: HTML = """
        <label class="check" id="switch" hidden><input type="checkbox" id="shown"> Show the password</label>

        """

    static let passwordScript: HTML = """
        const shown = document.getElementById("shown");
        document.getElementById("switch").hidden = false;
        shown.checked = false;
        shown.addEventListener("change", () => {
          for (const input of document.querySelectorAll("input[autocomplete$=password]"))
            input.type = shown.checked ? "text" : "password";
        });

        """
}
