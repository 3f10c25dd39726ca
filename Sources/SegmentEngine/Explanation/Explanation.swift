package import EventModel
import SegmentLanguage

/// Why a profile is in a segment or not: one node per condition, made by the evaluator that decides membership.
package struct Explanation: Sendable {
    /// An event that a condition found.
    package struct Witness: Hashable, Sendable {
        package var event: Text
        package var time: Timestamp
        /// The properties that the condition mentions, as far as the event has them.
        package var properties: [(name: Text, value: JSONValue)]

        package static func == (left: Witness, right: Witness) -> Bool {
            left.event == right.event && left.time == right.time
                && left.properties.elementsEqual(right.properties) { $0.name == $1.name && $0.value == $1.value }
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(event)
            hasher.combine(time)
        }
    }

    /// The condition in the language, on one line.
    package var condition: String
    package var holds: Bool
    /// What was found: "2 times", "339".
    package var observed: String?
    /// What is asked for: "at least 3 times", ">= 500".
    package var required: String?
    /// What is missing: "1 more order", "161.00 more revenue", "in 3 days".
    package var distance: String?
    /// At most five events, the newest first.
    package var witnesses: [Witness] = []
    /// The earliest instant at which the answer could change if nothing arrives; nil: never.
    package var validUntil: Timestamp?
    package var children: [Explanation] = []
}

extension Explanation {
    /// A condition with nothing more to tell than whether it holds, and its parts.
    init(_ node: ConditionNode, _ truth: Truth, children: [Explanation] = []) {
        self.init(
            condition: ConditionText.text(of: node.source), holds: truth.holds,
            validUntil: truth.until == never ? nil : Timestamp(milliseconds: truth.until), children: children)
    }
}

/// Conditions as the language writes them, on one line.
enum ConditionText {
    static func text(of condition: Condition) -> String {
        Printer.text(of: condition).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
