internal import CRE2

/// Why a regular expression cannot be used.
package struct RegexError: Error, Hashable, Sendable {
    package static let code = "bad-regex"

    /// RE2's own words, such as `missing ): (a`.
    package let message: String
}

/// A regular expression in RE2 syntax that looks anywhere in a text, in time linear in the text.
///
/// The unit is the Unicode scalar; `.` does not match a newline. Make one once and share it between threads.
package final class Regex2: Sendable {
    package let pattern: Text
    package let ignoringCase: Bool
    /// RE2 promises that matching may run on several threads at once; it is freed in `deinit` only.
    nonisolated(unsafe) private let expression: OpaquePointer

    /// Throws when the pattern is no RE2 expression, too long (`Limits.regexCharacters`) or too large once compiled.
    ///
    /// `ignoringCase` is simple Unicode case folding, as in `simpleCaseFold`.
    package init(pattern: Text, ignoringCase: Bool = false) throws(RegexError) {
        guard pattern.scalarCount <= Limits.regexCharacters.value else {
            throw RegexError(message: "longer than \(Limits.regexCharacters.value) characters")
        }
        var message = ""
        let compiled = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { error in
            error.initialize(repeating: 0)
            let compiled = pattern.withBytes { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    shoal_re2_compile($0.baseAddress, $0.count, ignoringCase, error.baseAddress, error.count)
                }
            }
            let words = error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            message = String(decoding: words, as: UTF8.self)
            return compiled
        }
        guard let compiled else { throw RegexError(message: message) }
        self.pattern = pattern
        self.ignoringCase = ignoringCase
        self.expression = compiled
    }

    deinit {
        shoal_re2_free(expression)
    }

    /// Whether some part of `text` matches.
    package func matches(_ text: Text) -> Bool {
        text.withBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { shoal_re2_matches(expression, $0.baseAddress, $0.count) == 1 }
        }
    }
}
