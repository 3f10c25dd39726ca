/// Why some bytes are no JSON document that Shoal takes, and where.
package struct JSONError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Not the grammar of RFC 8259.
        case syntax = "json-syntax"
        /// Bytes that are no UTF-8, or an escaped half of a surrogate pair.
        case utf8 = "json-utf8"
        /// Arrays and objects in each other deeper than the limit.
        case depth = "json-depth"
        /// More bytes than the limit.
        case size = "json-size"
        /// More values than the limit.
        case values = "json-values"
        /// A number with more than 34 significant digits.
        case numberDigits = "json-number-digits"
        /// A number outside about 1e-6143 to 1e6144.
        case numberRange = "json-number-range"
    }

    package let code: Code
    /// The byte at which it shows, from the start of the document.
    package let offset: Int
    /// What was wanted or found there, in a few words.
    package let detail: String

    package init(_ code: Code, offset: Int, _ detail: String) {
        self.code = code
        self.offset = offset
        self.detail = detail
    }
}

extension JSONError: CustomStringConvertible {
    package var description: String { "\(detail) at byte \(offset) [\(code.rawValue)]" }
}
