import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

/// Why somebody is in a segment or not, or what a metric is made of.
struct ExplanationReport: Sendable {
    let definition: Definition
    let profile: Text
    let asOf: Timestamp
    let zone: Zone
    /// Of a metric.
    let value: SegmentEngine.Value?
    /// Nil when the profile does not exist yet at the instant.
    let explanation: Explanation?
}

extension ExplanationReport {
    init(_ definition: Definition, _ subject: Subject, in workspace: Workspace, asOf: Timestamp) async throws {
        let program = workspace.library.program.selecting([definition.name])
        let backend = Shoal.backend(of: program, over: workspace.snapshot)
        let explanation = try await backend.explain(definition.name, profile: subject.id, at: asOf)
        let value =
            definition.value == nil || explanation == nil
            ? nil : try await backend.state(of: subject.id, at: asOf)?.answers[definition.name]?.value
        self.init(
            definition: definition, profile: subject.id, asOf: asOf, zone: workspace.zone, value: value,
            explanation: explanation)
    }

    func text(width: Int?, style: Style) -> String {
        var text = headline(style) + "\n"
        if let until = explanation?.validUntil {
            text += style.dim("sure until \(spokenInstant(until, in: zone)), if nothing happens before") + "\n"
        } else if explanation != nil {
            text += style.dim("sure for ever, if nothing happens") + "\n"
        }
        guard let explanation else { return text }
        var writer = ExplanationWriter(zone: zone, style: style, isMetric: definition.value != nil)
        return text + "\n" + writer.text(of: explanation)
    }

    private func headline(_ style: Style) -> String {
        let name =
            style.strong(definition.name.string) + (definition.title.map { "  \"\(printable($0.string))\"" } ?? "")
        let instant = style.dim("as of \(spokenInstant(asOf, in: zone))")
        let who = style.strong(printable(profile.string))
        guard let explanation else { return "\(who) does not exist yet \(instant)" }
        if definition.condition != nil {
            let verdict = explanation.holds ? style.text("is in", .good) : style.text("is not in", .bad)
            return "\(who) \(verdict) \(name)  \(instant)"
        }
        let value = value?.spoken(in: zone) ?? "nothing"
        return "\(name) of \(who) is \(style.strong(printable(value)))  \(instant)"
    }

    var json: JSONValue {
        .object([
            (definition.condition != nil ? "segment" : "metric", .string(definition.name)),
            ("title", definition.title.map { .string($0) }),
            ("profile", .string(profile)),
            ("asOf", .time(asOf)),
            ("exists", .bool(explanation != nil)),
            ("member", definition.condition == nil ? nil : .bool(explanation?.holds ?? false)),
            ("value", definition.value == nil ? nil : value?.json ?? .null),
            ("validUntil", explanation?.validUntil.map { .time($0) }),
            ("explanation", explanation?.json),
        ])
    }
}
