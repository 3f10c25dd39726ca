internal import EventModel

/// What the language adds to the table of limits.
package enum LanguageLimits {
    /// Conditions in one definition; those that only join or hold others do not count.
    static let conditions = Limits.conditions.value
    /// How deep parentheses, `not`, `for`, `any item` and `every item` nest.
    static let nesting = Limits.nesting.value
    /// Definitions in one workspace.
    static let definitions = Limits.definitions.value
    /// Elements of `in (..)` and `any of (..)`.
    static let elements = Limits.literalElements.value
    /// Scalars of a regular expression.
    static let patternScalars = Limits.regexCharacters.value
    /// UTF-8 bytes of one text of definitions.
    static let bytes = Limits.definitionFileBytes.value
    /// Looks at each event of a profile that deciding one definition may take; see `DefinitionCost`.
    package static let looks = Limits.looks.value
    /// Arithmetic operators in one definition, so that no tree grows too tall.
    package static let operators = 200
    /// Levels of JSON a definition can need: one for each operator, a few for each level of nesting.
    package static let jsonDepth = 400
}
