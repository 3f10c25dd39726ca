/// What `verify` looked at and what it found.
package struct VerifyReport: Hashable, Sendable {
    /// Something that is not as it should be.
    package struct Problem: Hashable, Sendable {
        /// A stable code, those of `EventStoreError` among them.
        package let code: String
        /// What and where.
        package let message: String

        package init(code: String, message: String) {
            self.code = code
            self.message = message
        }
    }

    package var parts = 0
    package var blocks = 0
    package var bytes = 0
    package var messages = 0
    package var rows = 0
    package var sampledProfiles = 0
    package var problems: [Problem] = []

    package var isSound: Bool { problems.isEmpty }

    mutating func note(_ error: EventStoreError) {
        problems.append(Problem(code: error.code, message: error.message))
    }

    mutating func note(_ code: String, _ message: String) {
        problems.append(Problem(code: code, message: message))
    }
}
