/// What stands around a definition in its file.
package struct SegmentNote: Sendable {
    /// Relative to the folder of definitions.
    package let file: String
    /// The comments above it, without their signs.
    package let comments: [String]
    /// It is there for other definitions only.
    package let isHelper: Bool
    /// Its place among all.
    package let order: Int

    package init(file: String, comments: [String], isHelper: Bool, order: Int) {
        self.file = file
        self.comments = comments
        self.isHelper = isHelper
        self.order = order
    }

    /// What the ready segments say of themselves: what it is, and why one would want it.
    package var what: String? { value(of: "What:") }
    package var why: String? { value(of: "Why:") }

    private func value(of mark: String) -> String? {
        comments.first { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count).drop { $0 == " " }) }
    }

    /// The file's name as a heading: "Base segments" of `base_segments.shoal`.
    package var group: String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        let words = name.replacing(".shoal", with: "").replacing("_", with: " ").replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
