package import EventModel

package enum Printer {
    package static func text(of condition: Condition) -> String { "" }
}
