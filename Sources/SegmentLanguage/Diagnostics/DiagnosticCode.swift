/// Every code a diagnostic of the language can carry. Codes never change their meaning.
package enum DiagnosticCode: String, Hashable, Sendable, CaseIterable {
    // Text.
    case invalidUTF8 = "invalid-utf8"
    case unexpectedCharacter = "unexpected-character"
    case unterminatedString = "unterminated-string"
    case invalidEscape = "invalid-escape"
    case controlCharacter = "control-character"
    case invalidNumber = "invalid-number"
    case numberOutOfRange = "number-out-of-range"
    case invalidTime = "invalid-time"
    case invalidDuration = "invalid-duration"
    case syntax = "syntax-error"
    case invalidName = "invalid-name"
    case expectedCondition = "expected-condition"
    case expectedValue = "expected-value"
    case invalidCount = "invalid-count"
    case unknownFunction = "unknown-function"
    case notInFilter = "not-in-filter"
    case onlyInFilter = "only-in-filter"
    case tooManyProblems = "too-many-problems"

    // Limits.
    case tooDeep = "nested-too-deeply"
    case fileTooLarge = "file-too-large"
    case tooManyConditions = "too-many-conditions"
    case tooManyOperators = "too-many-operators"
    case tooManyElements = "literal-too-long"
    case tooManyDefinitions = "too-many-definitions"
    case patternTooLong = "regex-too-long"

    // Meaning.
    case duplicateName = "duplicate-name"
    case reservedName = "reserved-name"
    case unknownSegment = "unknown-segment"
    case unknownMetric = "unknown-metric"
    case wrongKind = "wrong-kind"
    case cycle = "cycle"
    case brokenReference = "broken-reference"
    case impossibleType = "impossible-type"
    case boundsInReverse = "bounds-in-reverse"
    case quintileOutOfRange = "quintile-out-of-range"
    case percentOutOfRange = "percent-out-of-range"
    case invalidPattern = "bad-regex"
    case itemsNotMentioned = "items-not-mentioned"
    case invalidSequence = "invalid-sequence"
    case misplacedPart = "misplaced-part"

    // JSON form.
    case invalidTree = "invalid-tree"

    // Warnings.
    case unknownEvent = "unknown-event"
    case unknownProperty = "unknown-property"
    case itemProperty = "item-property"
    case typeNeverSeen = "type-never-seen"
    case impossibleBounds = "impossible-bounds"
    case impossiblePercent = "impossible-percent"
    case negatedWithin = "negated-within"
    case rankOfMostlyZero = "rank-of-mostly-zero"
    case eventAmountInGroup = "event-amount-in-group"
    case eventWord = "event-word"
    case unusableValues = "unusable-values"
    case ga4Name = "ga4-name"
    case propertyNotState = "property-not-state"

    /// The severity the code normally has.
    package var severity: Diagnostic.Severity {
        switch self {
        case .unknownEvent, .unknownProperty, .itemProperty, .typeNeverSeen, .impossibleBounds, .impossiblePercent,
            .negatedWithin, .rankOfMostlyZero, .eventAmountInGroup, .eventWord, .unusableValues:
            .warning
        case .ga4Name, .propertyNotState: .hint
        default: .error
        }
    }
}
