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
    case tooCostly = "too-costly"

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

    /// One sentence for the list of all codes.
    package var explanation: String {
        switch self {
        case .invalidUTF8: "The file is not UTF-8 text."
        case .unexpectedCharacter: "A character has no place in the language."
        case .unterminatedString: "A string has no closing quote on its line."
        case .invalidEscape: "A string has an escape that JSON does not know, or half a surrogate pair."
        case .controlCharacter: "A raw control character stands in a string."
        case .invalidNumber: "Something begins like a number and is none."
        case .numberOutOfRange: "A number has more than 34 significant digits or is too large or too small."
        case .invalidTime: "A date or time is not of the calendar or not in a known form."
        case .invalidDuration: "A length of time is negative, too long, or no whole number of milliseconds."
        case .syntax: "Something else was expected here."
        case .invalidName: "A name of a definition is not small letters, digits and underscores after a letter."
        case .expectedCondition: "A value stands where a condition must stand."
        case .expectedValue: "A condition or a word stands where a value must stand."
        case .invalidCount: "A count is negative, fractional or too large."
        case .unknownFunction: "There is no function of this name."
        case .notInFilter: "Something asks the history or the profile where only one event is spoken of."
        case .onlyInFilter: "Something speaks of one event where there is none."
        case .tooManyProblems: "The file has more than 1,000 problems; the rest is not shown."
        case .fileTooLarge: "The text of definitions is too long."
        case .tooDeep: "Parentheses, `not`, `for`, `any item` and `every item` nest more than 32 deep."
        case .tooManyConditions: "A definition has more than 500 conditions."
        case .tooManyOperators: "A definition has more than 200 arithmetic operators."
        case .tooManyElements: "A list has more than 10,000 elements."
        case .tooManyDefinitions: "The workspace has more than 10,000 definitions."
        case .patternTooLong: "A regular expression has more than 1,000 characters."
        case .tooCostly: "Deciding a definition would look at each event of a profile more than 1,000,000 times."
        case .duplicateName: "Another segment or metric has this name already."
        case .reservedName: "The name is a word or a function of the language, or a metric every workspace has."
        case .unknownSegment: "There is no segment of this name."
        case .unknownMetric: "There is no metric of this name."
        case .wrongKind: "A metric is used as a segment, or a segment as a metric."
        case .cycle: "Definitions use each other in a circle."
        case .brokenReference: "The definition uses one that has an error."
        case .impossibleType: "Values of these types can never be compared or joined."
        case .boundsInReverse: "A window ends before it begins."
        case .quintileOutOfRange: "A quintile is not 1 to 5."
        case .percentOutOfRange: "A percentage is negative."
        case .invalidPattern: "The text is not a regular expression of RE2."
        case .itemsNotMentioned: "The filter of `any item` or `every item` has no property of items."
        case .invalidSequence: "The steps of a sequence or its time limits do not fit together."
        case .misplacedPart: "A part of a condition stands where it has no meaning."
        case .invalidTree: "The JSON form does not have the shape of a definition."
        case .unknownEvent: "No event of this name has been seen in the workspace."
        case .unknownProperty: "No such property or trait has been seen in the workspace."
        case .itemProperty: "The event never has the property, but its items do."
        case .typeNeverSeen: "The data never has a value of the literal's type there."
        case .impossibleBounds: "Nothing can lie between these bounds."
        case .impossiblePercent: "The percentage takes nobody or everybody."
        case .negatedWithin: "An absence after an event counts before its time is over."
        case .rankOfMostlyZero: "Most of the population has 0 in the ranked metric."
        case .eventAmountInGroup: "An amount of a whole event is summed inside a group."
        case .eventWord: "The word speaks of the event's time although the event has a property of that name."
        case .unusableValues: "Some values are of no use to the aggregate and are passed over."
        case .ga4Name: "The name is GA4's; the event is known by another."
        case .propertyNotState: "The name is taken for a property of the event."
        }
    }

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
