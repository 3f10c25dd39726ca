/// Writes trees as canonical text.
package enum Printer {
    package static func text(of condition: Condition) -> String { "" }
}
