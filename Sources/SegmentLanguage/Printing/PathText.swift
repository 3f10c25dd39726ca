package import EventModel

/// Property paths as canonical text.
package enum PathText {
    /// `revenue`, `properties."Cart Size"`, `context.campaign.source`, `products.price`.
    package static func text(_ path: PropertyPath) -> String {
        let rest = path.parts.map(part)
        switch path.scope {
        case .context: return (["context"] + rest).joined(separator: ".")
        case .items: return (["products"] + rest).joined(separator: ".")
        case .properties:
            let written = path.parts.first.map(standsBare) ?? false ? rest : ["properties"] + rest
            return written.joined(separator: ".")
        }
    }

    /// `trait.a.b`
    static func trait(_ parts: [Text]) -> String {
        (["trait"] + parts.map(part)).joined(separator: ".")
    }

    /// A part as a word where it is one, else as a string.
    static func part(_ part: Text) -> String {
        isWord(part) ? part.string : StringLiteral.text(part)
    }

    /// `[A-Za-z_$][A-Za-z0-9_$]*`
    static func isWord(_ part: Text) -> Bool {
        guard let first = part.utf8.first, first.startsWord else { return false }
        return part.utf8.allSatisfy(\.continuesWord)
    }

    private static func standsBare(_ part: Text) -> Bool {
        isWord(part) && !Words.notBareInPaths.contains(part.string)
    }
}
