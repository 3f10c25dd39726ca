/// One limit: its value, the code of the error it yields, and what it limits.
package struct Limit: Hashable, Sendable {
    /// The largest amount that is still accepted.
    package let value: Int
    /// The stable code of the error past it.
    package let code: String
    /// What is counted, in a few words and with its unit.
    package let what: String

    package init(_ value: Int, _ code: String, _ what: String) {
        self.value = value
        self.code = code
        self.what = what
    }
}

/// The one table of limits: everything that comes from outside and could grow is bounded here.
package enum Limits {
    // MARK: Messages

    package static let networkMessageBytes = Limit(
        32 * 1024, "message-too-large", "bytes of a message sent over the network")
    package static let fileMessageBytes = Limit(1024 * 1024, "message-too-large", "bytes of a message in a file")
    package static let batchBytes = Limit(512 * 1024, "batch-too-large", "bytes of a batch sent over the network")
    package static let batchMessages = Limit(2_500, "batch-too-large", "messages of a batch")
    package static let messageIDCharacters = Limit(99, "message-id-too-long", "characters of a messageId")
    package static let idCharacters = Limit(512, "id-too-long", "characters of a user, anonymous, previous or group id")
    package static let eventNameCharacters = Limit(512, "event-name-too-long", "characters of an event name")
    package static let keyCharacters = Limit(512, "key-too-long", "characters of a property or trait name")
    package static let topLevelMembers = Limit(
        1_000, "too-many-properties", "properties of an event, or traits of a message")
    package static let items = Limit(1_000, "too-many-items", "items of an event")
    package static let futureMilliseconds = Limit(
        24 * 3_600_000, "future-time", "milliseconds a network message may be ahead")

    // MARK: JSON

    package static let jsonDepth = Limit(32, "json-depth", "arrays and objects in each other")
    package static let jsonBytes = Limit(16 * 1024 * 1024, "json-size", "bytes of a JSON document")
    package static let jsonValues = Limit(1_000_000, "json-values", "values of a JSON document")

    // MARK: Segment language (segment-language.md, section 11)

    package static let conditions = Limit(500, "too-many-conditions", "conditions in a definition")
    package static let nesting = Limit(32, "nested-too-deeply", "levels of parentheses, not, for and any item")
    package static let definitions = Limit(10_000, "too-many-definitions", "definitions in a workspace")
    package static let literalElements = Limit(10_000, "literal-too-long", "elements of a list literal")
    package static let regexCharacters = Limit(1_000, "regex-too-long", "characters of a regular expression")
    package static let looks = Limit(
        1_000_000, "too-costly", "looks at each event of a profile, to decide a definition")
    package static let definitionFileBytes = Limit(4 * 1024 * 1024, "file-too-large", "bytes of a file of definitions")

    // MARK: Webhooks

    package static let webhooks = Limit(100, "too-many-webhooks", "webhooks of a workspace")
    package static let urlCharacters = Limit(2_048, "url-too-long", "characters of the URL of a webhook")
    package static let descriptionCharacters = Limit(
        512, "description-too-long", "characters of the description of a webhook")

    // MARK: Users

    package static let users = Limit(1_000, "too-many-users", "users of a workspace")
    package static let keys = Limit(1_000, "too-many-keys", "keys of a workspace, disabled ones too")
    package static let formBytes = Limit(16 * 1024, "form-too-large", "bytes of a form of a page")
    package static let uploadBytes = Limit(2 << 30, "upload-too-large", "bytes of a file that is sent to be imported")
    package static let uploads = Limit(8, "too-many-uploads", "files that wait to be imported")

    /// All rows of the table, for the documentation and its tests.
    package static let all: [Limit] = ofContent + ofServing

    private static let ofContent: [Limit] = [
        networkMessageBytes, fileMessageBytes, batchBytes, batchMessages, messageIDCharacters, idCharacters,
        eventNameCharacters, keyCharacters, topLevelMembers, items, futureMilliseconds, jsonDepth, jsonBytes,
        jsonValues, conditions, nesting, definitions, literalElements, regexCharacters, looks, definitionFileBytes,
        webhooks, urlCharacters, descriptionCharacters, users, keys, formBytes,
        uploadBytes, uploads,
    ]

    /// What a JSON document may have.
    package struct JSON: Hashable, Sendable {
        package let bytes: Int
        /// Arrays and objects in each other; never more than 512, so that no value is too deep to be walked.
        package let depth: Int
        package let values: Int

        package init(
            bytes: Int = jsonBytes.value, depth: Int = jsonDepth.value, values: Int = jsonValues.value
        ) {
            self.bytes = bytes
            self.depth = min(depth, 512)
            self.values = values
        }

        package static let standard = JSON()
    }
}
