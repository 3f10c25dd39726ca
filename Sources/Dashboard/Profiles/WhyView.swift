package import EventModel
package import SegmentEngine

/// Why somebody is in a segment or not.
package struct WhyView: Sendable {
    let viewer: Viewer
    let id: Text
    let segment: (name: Text, title: String)
    let explanation: Explanation?
    let now: Timestamp
    let zone: Zone

    package init(
        viewer: Viewer, id: Text, segment: (name: Text, title: String), explanation: Explanation?, now: Timestamp,
        zone: Zone
    ) {
        self.viewer = viewer
        self.id = id
        self.segment = segment
        self.explanation = explanation
        self.now = now
        self.zone = zone
    }

    package var shell: Shell {
        Shell(title: "Why \(id.string) \(verdict) \(segment.title)", viewer: viewer, place: .profiles, body: body)
    }

    private var verdict: String { explanation?.holds == true ? "is in" : "is not in" }

    private var body: HTML {
        let profile = "/profiles/\(pathPart(id.string))"
        let segmentLink: HTML = "<a href=\"/segments/\(pathPart(segment.name.string))\">\(segment.title)</a>"
        let until: HTML =
            explanation?.validUntil.map { "Sure until \(Pieces.time($0, in: zone)) if nothing happens before." }
            ?? "Nothing but an event would change it."
        guard let explanation else {
            return """
                \(Pieces.head("Not known yet", back: (profile, id.string)))
                \(Pieces.empty("This profile does not exist yet", "Its first message is later than \(Pieces.time(now, in: zone))."))
                """
        }
        var seen: Set<String> = []
        return """
            \(Pieces.head("\(id.string) \(verdict) \(segment.title)", back: (profile, id.string), about: "As of \(Pieces.time(now, in: zone)). \(until) To the segment: \(segmentLink)."))
            <section class="card" aria-label="Conditions"><ul class="why">
            \(node(explanation, &seen))</ul></section>
            """
    }

    /// A condition with what was found, and those below it; what was taken apart once is not taken apart again.
    private func node(_ explanation: Explanation, _ seen: inout Set<String>) -> HTML {
        let node = explanation.withoutDoubleNegative
        let mark: HTML =
            node.holds
            ? "<span class=\"mark-yes\" aria-hidden=\"true\">✓</span><span class=\"visually-hidden\">holds: </span>"
            : "<span class=\"mark-no\" aria-hidden=\"true\">✗</span><span class=\"visually-hidden\">does not hold: </span>"
        let isKnown = !node.children.isEmpty && !seen.insert(node.condition).inserted
        let words: HTML =
            node.joinedBy.map { $0 == "and" ? "all of these:" : "any of these:" } ?? "<code>\(node.condition)</code>"
        let again: HTML? = isKnown ? " <span class=\"soft\">(see above)</span>" : nil
        var children: [HTML] = []
        if !isKnown { for child in node.children { children.append(self.node(child, &seen)) } }
        let below: HTML? = children.isEmpty ? nil : "<ul>\n\(children)</ul>"
        return "<li>\(mark)\(words)\(again)\(isKnown ? nil : facts(node))\(below)</li>\n"
    }

    private func facts(_ node: Explanation) -> HTML? {
        var facts: [HTML] = []
        if let observed = node.observed { facts.append("found \(observed)") }
        if let required = node.required { facts.append("asked for \(required)") }
        if let distance = node.distance { facts.append("<strong>\(distance)</strong>") }
        if node.children.isEmpty, let until = node.validUntil { facts.append("until \(Pieces.time(until, in: zone))") }
        let line: HTML? =
            facts.isEmpty
            ? nil
            : "<span class=\"facts-line\">\(facts.enumerated().map { $0.offset > 0 ? " · \($0.element)" : $0.element } as [HTML])</span>"
        guard node.children.isEmpty, !node.witnesses.isEmpty else { return line }
        let witnesses = node.witnesses.map { witness -> HTML in
            let properties = witness.properties.map {
                "\($0.name) \($0.value.identity?.string ?? JSONWriter.text(of: $0.value))"
            }
            .joined(separator: ", ")
            return
                "<span class=\"facts-line\">\(Pieces.time(witness.time, in: zone)) \(witness.event.string) \(properties)</span>"
        }
        return "\(line)\(witnesses)"
    }
}
