import EventModel
import EventStore

/// What a check of everything found.
struct VerificationReport: Sendable {
    let found: VerifyReport
    /// The databases beside the events that were checked.
    let databases: [String]
    /// How many segments and metrics were compared.
    let definitions: Int
    let library: DefinitionLibrary

    func text(width: Int?, style: Style) -> String {
        var text =
            "read \(byteSize(found.bytes)) in \(counted(found.parts, "part")) and \(counted(found.blocks, "block")), "
            + "\(counted(found.messages, "message"))\n"
        text +=
            "compared \(counted(found.sampledProfiles, "profile")) with their originals, "
            + "and \(counted(definitions, "definition")) with the reference evaluator\n"
        if !databases.isEmpty { text += "checked \(databases.joined(separator: ", "))\n" }
        for problem in found.problems {
            text +=
                style.text("problem:", .bad) + " \(printable(problem.message))  " + style.dim("[\(problem.code)]")
                + "\n"
        }
        if found.isSound { return text + style.text("everything is sound", .good) + "\n" }
        return text + counted(found.problems.count, "problem") + "; \"shoal rebuild\" makes anew what can be derived\n"
    }

    var json: JSONValue {
        .object([
            ("sound", .bool(found.isSound)),
            ("parts", .count(found.parts)),
            ("blocks", .count(found.blocks)),
            ("bytes", .count(found.bytes)),
            ("messages", .count(found.messages)),
            ("rows", .count(found.rows)),
            ("sampledProfiles", .count(found.sampledProfiles)),
            ("definitions", .count(definitions)),
            ("databases", .array(databases.map { .text($0) })),
            (
                "problems",
                .array(found.problems.map { .object([("code", .text($0.code)), ("message", .text($0.message))]) })
            ),
            ("broken", .array(library.broken.map(\.json))),
        ])
    }
}
