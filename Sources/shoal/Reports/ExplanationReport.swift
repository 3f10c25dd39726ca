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
    /// Membership or value; nil when the profile does not exist yet at the instant.
    let answer: LiveEvaluator.Answer?
    let explanation: Explanation?
}

extension ExplanationReport {
    init(_ definition: Definition, _ subject: Subject, in workspace: Workspace, asOf: Timestamp) async throws {
        let program = workspace.library.program.selecting([definition.name])
        let backend = Shoal.backend(of: program, over: workspace.snapshot)
        let explanation = try await backend.explain(definition.name, profile: subject.id, at: asOf)
        var answer = explanation.map { LiveEvaluator.Answer(isMember: $0.holds, validUntil: $0.validUntil) }
        if definition.value != nil, answer != nil {
            answer = try await backend.state(of: subject.id, at: asOf)?.answers[definition.name]
        }
        self.init(
            definition: definition, profile: subject.id, asOf: asOf, zone: workspace.zone, answer: answer,
            explanation: explanation)
    }

    func text(width: Int?, style: Style) -> String {
        var text = headline(style) + "\n"
        if let until = explanation?.validUntil ?? answer?.validUntil {
            text += style.dim("sure until \(spokenInstant(until, in: zone)), if nothing happens before") + "\n"
        } else if explanation != nil {
            text += style.dim("sure for ever, if nothing happens") + "\n"
        }
        guard let explanation else { return text }
        return text + "\n" + lines(of: explanation, indent: 0, style).joined(separator: "\n") + "\n"
    }

    private func headline(_ style: Style) -> String {
        let name = style.strong(definition.name.string) + (definition.title.map { "  \"\(printable($0.string))\"" } ?? "")
        let instant = style.dim("as of \(spokenInstant(asOf, in: zone))")
        let who = style.strong(printable(profile.string))
        guard let answer else { return "\(who) does not exist yet \(instant)" }
        if let isMember = answer.isMember {
            let verdict = isMember ? style.text("is in", .good) : style.text("is not in", .bad)
            return "\(who) \(verdict) \(name)  \(instant)"
        }
        let value = answer.value?.spoken(in: zone) ?? "nothing"
        return "\(name) of \(who) is \(style.strong(printable(value)))  \(instant)"
    }

    private func lines(of node: Explanation, indent: Int, _ style: Style) -> [String] {
        let space = String(repeating: "  ", count: indent)
        let mark = node.holds ? style.text("✓", .good) : style.text("✗", .bad)
        let isMetric = definition.value != nil && indent == 0
        var lines = ["\(space)\(isMetric ? "·" : mark) \(printable(node.condition))"]
        var facts: [String] = []
        if let observed = node.observed { facts.append("found \(observed)") }
        if let required = node.required { facts.append("asked for \(required)") }
        if let distance = node.distance { facts.append("missing \(distance)") }
        if !facts.isEmpty { lines.append("\(space)    " + style.dim(printable(facts.joined(separator: " · ")))) }
        if node.children.isEmpty, let until = node.validUntil {
            lines.append("\(space)    " + style.dim("until \(spokenInstant(until, in: zone))"))
        }
        for witness in node.witnesses {
            let properties = witness.properties.map { "  \($0.name) \(spoken($0.value))" }.joined()
            lines.append("\(space)    \(columnInstant(witness.time, in: zone))  " + printable("\(witness.event)\(properties)"))
        }
        return lines + node.children.flatMap { self.lines(of: $0, indent: indent + 1, style) }
    }

    private func spoken(_ value: JSONValue) -> String {
        value.identity?.string ?? JSONWriter.text(of: value)
    }

    var json: JSONValue {
        .object([
            (definition.condition != nil ? "segment" : "metric", .string(definition.name)),
            ("title", definition.title.map { .string($0) }),
            ("profile", .string(profile)),
            ("asOf", .time(asOf)),
            ("exists", .bool(answer != nil)),
            ("member", answer?.isMember.map { .bool($0) }),
            ("value", answer?.value.map { $0.json ?? .null }),
            ("validUntil", (explanation?.validUntil ?? answer?.validUntil).map { .time($0) }),
            ("explanation", explanation?.json),
        ])
    }
}

extension SegmentEngine.Value {
    /// As people read it; nil for null.
    func spoken(in zone: Zone) -> String? {
        switch self {
        case .null: nil
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): groupedDecimal("\(number)")
        case .string(let text): text.string
        case .time(let time): spokenInstant(time, in: zone)
        case .duration(let milliseconds):
            milliseconds.floorToInt().map { spokenDuration(milliseconds: Int64($0)) } ?? "\(milliseconds) ms"
        case .day(let day, _): spokenDay(day)
        case .list(let elements): elements.compactMap { $0.spoken(in: zone) }.joined(separator: ", ")
        case .object: "{…}"
        }
    }
}
