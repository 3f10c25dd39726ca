import EventModel
import Foundation
import SegmentEngine

/// Writes the tree of an explanation as indented lines.
///
/// What every reader can see is left out: a condition that only joins others is "all of these", a segment that was
/// taken apart once is not taken apart again, and events stand at the innermost conditions only.
struct ExplanationWriter {
    let zone: Zone
    let style: Style
    let isMetric: Bool
    private var lines: [String] = []
    private var seen: Set<String> = []

    init(zone: Zone, style: Style, isMetric: Bool) {
        self.zone = zone
        self.style = style
        self.isMetric = isMetric
    }

    mutating func text(of explanation: Explanation) -> String {
        write(explanation, indent: 0)
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func write(_ node: Explanation, indent: Int) {
        let node = node.withoutDoubleNegative
        let mark = isMetric ? "·" : node.holds ? style.text("✓", .good) : style.text("✗", .bad)
        let space = String(repeating: "  ", count: indent)
        let isKnown = !node.children.isEmpty && !seen.insert(node.condition).inserted
        let words = node.joinedBy.map { $0 == "and" ? "all of these:" : "any of these:" } ?? printable(node.condition)
        lines.append("\(space)\(mark) \(words)" + (isKnown ? style.dim("  (see above)") : ""))
        if isKnown { return }
        writeFacts(of: node, space: space + "    ")
        for child in node.children { write(child, indent: indent + 1) }
    }

    private mutating func writeFacts(of node: Explanation, space: String) {
        var facts: [String] = []
        if let observed = node.observed { facts.append("found \(inZone(observed))") }
        if let required = node.required { facts.append("asked for \(inZone(required))") }
        if !facts.isEmpty || node.distance != nil {
            let text = style.dim(printable(facts.joined(separator: " · ")))
            let distance = node.distance.map { (facts.isEmpty ? "" : style.dim(" · ")) + style.strong(printable($0)) }
            lines.append(space + text + (distance ?? ""))
        }
        guard node.children.isEmpty else { return }
        if let until = node.validUntil {
            lines.append(space + style.dim("until \(spokenInstant(until, in: zone))"))
        }
        for witness in node.witnesses {
            let properties = witness.properties.map { "  \($0.name) \(spoken($0.value))" }.joined()
            lines.append(
                "\(space)\(columnInstant(witness.time, in: zone))  " + printable("\(witness.event)\(properties)"))
        }
    }

    private func spoken(_ value: JSONValue) -> String {
        value.identity?.string ?? JSONWriter.text(of: value)
    }

    /// Instants in UTC become local ones.
    private func inZone(_ text: String) -> String {
        text.replacing(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/) { match in
            Timestamp(iso8601: String(match.output), zone: zone).map { columnInstant($0, in: zone) }
                ?? String(match.output)
        }
    }
}
