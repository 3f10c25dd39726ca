/// Something beside ids that a shopper can be recognised by: an e-mail address, a telephone number, the id of another
/// system, a device.
///
/// It joins anonymous ids to a user or to each other, never two users: `docs/decisions/0009-identity.md` says how.
package struct Handle: Hashable, Sendable {
    /// The kinds, the one that says most first.
    package enum Kind: String, CaseIterable, Sendable {
        case email, phone, external, device

        /// What the keys of its handles begin with.
        fileprivate var prefix: Text {
            switch self {
            case .email: "email:"
            case .phone: "phone:"
            case .external: "external:"
            case .device: "device:"
            }
        }
    }

    package let kind: Kind
    /// In its one spelling.
    package let text: Text

    /// The kind, a colon and the text: one text for each handle.
    package var key: Text { Text(kind.prefix.string + text.string) }

    /// The kind of a handle by its key; nil for what is none.
    package static func kind(ofKey key: Text) -> Kind? {
        Kind.allCases.first { key.hasPrefix($0.prefix) }
    }

    /// What stands in messages for a handle, by its key: of an external id without the type.
    package static func text(ofKey key: Text) -> Text {
        guard let kind = kind(ofKey: key) else { return key }
        let text = key.string.dropFirst(kind.prefix.string.count)
        guard kind == .external, let colon = text.firstIndex(of: ":") else { return Text(String(text)) }
        return Text(String(text[text.index(after: colon)...]))
    }

    private init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = Text(text)
    }

    /// An e-mail address, in lower case without white space around; nil for what has not the shape of one.
    package init?(email: Text) {
        let text = email.string.trimmed.lowercased()
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), (3...255).contains(parts[1].utf8.count),
            parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }),
            parts[1].contains("."), text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ",") }),
            !Identifiers.isPlaceholder(Text(String(parts[0])))
        else { return nil }
        self.init(.email, text)
    }

    /// A telephone number: with its country (`+` or `00`) as `+` and digits, else only its digits; nil for what has not
    /// seven to fifteen of them, or always the same.
    package init?(phone: Text) {
        let text = phone.string.trimmed
        guard text.utf8.allSatisfy({ Self.phoneBytes.contains($0) }) else { return nil }
        var digits = text.filter { $0.isASCII && $0.isNumber }
        var hasCountry = text.hasPrefix("+")
        if !hasCountry, digits.hasPrefix("00") {
            digits = String(digits.dropFirst(2))
            hasCountry = true
        }
        guard (7...15).contains(digits.count), Set(digits).count > 1 else { return nil }
        self.init(.phone, (hasCountry ? "+" : "") + digits)
    }

    private static let phoneBytes = Set("+0123456789 ()-./\u{0009}".utf8)

    /// The id of another system; nil for placeholders.
    package init?(external id: Text, type: Text) {
        guard Self.isUsable(id), !type.isEmpty, type.utf8.count <= Limits.idCharacters.value else { return nil }
        self.init(.external, "\(type):\(id)")
    }

    /// The id of a device; nil for placeholders.
    package init?(device id: Text) {
        guard Self.isUsable(id) else { return nil }
        self.init(.device, id.string)
    }

    private static func isUsable(_ id: Text) -> Bool {
        id.utf8.count <= Limits.idCharacters.value && !Identifiers.isPlaceholder(id)
    }
}

extension Message {
    /// The handles in the message, each once: of its traits and `context.traits`, of `context.externalIds` and
    /// `context.device`. Traits of a group are the group's.
    package var handles: [Handle] {
        var found: [Handle] = []
        func add(_ handle: Handle?) {
            if let handle, !found.contains(handle) { found.append(handle) }
        }
        func addTraits(_ traits: JSONObject) {
            if let email = traits["email" as Text]?.text { add(Handle(email: email)) }
            if let phone = traits["phone" as Text]?.text { add(Handle(phone: phone)) }
        }
        if kind == .identify { addTraits(traits) }
        if context.isEmpty { return found }
        if kind != .group, case .object(let traits)? = context["traits" as Text] { addTraits(traits) }
        for element in (context["externalIds" as Text]?.elements ?? []).prefix(Handle.externalIDsMax) {
            if let object = element.object, let id = object["id" as Text]?.identity,
                let type = object["type" as Text]?.text
            {
                add(Handle(external: id, type: type))
            }
        }
        if case .object(let device)? = context["device" as Text] {
            for key in ["id", "advertisingId"] as [Text] {
                if let id = device[key]?.text { add(Handle(device: id)) }
            }
        }
        return found
    }
}

extension Handle {
    /// How many external ids of a message are looked at.
    fileprivate static let externalIDsMax = 20
}

extension String {
    fileprivate var trimmed: String {
        let isSpace: (Character) -> Bool = { $0.isASCII && $0.isWhitespace }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
