import EventModel
import Hummingbird
import SegmentLanguage

/// `POST /v1/definitions:convert`: a definition as text and as a tree, from either of them.
///
/// So an editor of the tree needs no parser of its own: there is one, here.
struct ConversionRoutes: Sendable {
    let definitions: any DefinitionStore

    private static let bodyBytes = 256 * 1_024

    func add(to routes: inout Routes) {
        let convert = RouteDescription(
            "A definition as text and as a tree, from either, with what is wrong with it; nothing is saved.",
            access: .viewer, body: .conversion, answer: .object)
        routes.post("/v1/definitions:convert", convert) { request, _ in
            let body = try RequestBody.object(of: try await RequestBody.read(request, limit: Self.bodyBytes))
            guard body.count == 1, let member = body.members.first else { throw Self.malformed }
            switch member.key {
            case "text":
                guard let text = member.value.text else { throw Self.malformed }
                return Response(try self.convert(text: Array(text.utf8)))
            case "tree": return Response(try self.convert(tree: member.value))
            default: throw Self.malformed
            }
        }
    }

    private static let malformed = APIError(
        .badRequest, "unknown-member", "The body has either \"text\" with a text, or \"tree\" with the JSON form.")

    private func convert(text: [UInt8]) throws -> JSONValue {
        let parsed = Parser.parse(text)
        let draft = try definitions.draft(text)
        return answer(parsed.definitions.first, text: String(decoding: text, as: UTF8.self), draft.problems)
    }

    private func convert(tree: JSONValue) throws -> JSONValue {
        let definition: Definition
        do throws(JSONFormError) { definition = try JSONForm.decode(tree) } catch {
            return .object([
                ("tree", tree),
                (
                    "problems",
                    .array([
                        .object([
                            ("severity", "error"), ("code", .text(error.code.rawValue)),
                            ("message", .text(error.message)), ("pointer", .text(error.pointer)),
                        ])
                    ])
                ),
            ])
        }
        let text = Printer.text(of: definition)
        return answer(definition, text: text, try definitions.draft(Array(text.utf8)).problems)
    }

    /// `{"text", "tree", "name", "texts", "problems"}`; the tree is null when the text can't be read.
    private func answer(_ definition: Definition?, text: String, _ problems: [DefinitionProblem]) -> JSONValue {
        var texts = JSONObject()
        if let condition = definition?.condition { Self.collect(condition, at: "/condition", into: &texts) }
        return .object([
            ("text", .text(text)), ("name", definition.map { .string($0.name) } ?? .null),
            ("tree", definition.map { JSONForm.encode($0) } ?? .null), ("texts", .object(texts)),
            ("problems", .array(problems.map(\.json))),
        ])
    }

    /// The text of each condition, by the JSON Pointer of its place in the tree.
    private static func collect(_ condition: Condition, at pointer: String, into texts: inout JSONObject) {
        texts.append(Text(pointer), .text(Printer.text(of: condition)))
        switch condition.kind {
        case .and(let parts), .or(let parts):
            for (index, part) in parts.enumerated() {
                collect(part, at: "\(pointer)/conditions/\(index)", into: &texts)
            }
        case .not(let part), .forGroups(_, _, let part): collect(part, at: "\(pointer)/condition", into: &texts)
        default: break
        }
    }
}
