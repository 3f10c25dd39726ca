/// A POST to an address that somebody else chose.
package struct OutboundRequest: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var url: String
    /// Names and values without line breaks.
    package var fields: [Field]
    package var body: [UInt8]

    package init(url: String, fields: [Field], body: [UInt8]) {
        self.url = url
        self.fields = fields
        self.body = body
    }
}

/// What became of a request. What stood in the answer's body is not kept.
package struct OutboundAnswer: Hashable, Sendable {
    package enum Outcome: String, CaseIterable, Sendable {
        /// There is a status.
        case answered
        case badURL = "bad-url"
        /// The address is of this machine, a private network or another place that is not open.
        case addressRefused = "address-refused"
        case notResolved = "not-resolved"
        case notConnected = "not-connected"
        case tlsFailed = "tls-failed"
        case timedOut = "timed-out"
        /// The connection ended before the answer did, or what came is no HTTP.
        case broken = "connection-broken"
        /// The client was closed before an answer came.
        case stopped
        case outOfMemory = "out-of-memory"
    }

    package var outcome: Outcome
    /// Nil unless answered.
    package var status: Int?
    package var milliseconds: Int
    /// Bytes of the answer's body that were read.
    package var bytes: Int
    /// The field `Retry-After` as it came.
    package var retryAfter: String?

    package init(
        _ outcome: Outcome, status: Int? = nil, milliseconds: Int = 0, bytes: Int = 0, retryAfter: String? = nil
    ) {
        self.outcome = outcome
        self.status = status
        self.milliseconds = milliseconds
        self.bytes = bytes
        self.retryAfter = retryAfter
    }
}

/// Sends requests; the real one is `OutboundClient`.
package protocol OutboundSending: Sendable {
    /// How many requests are under way at once; more wait.
    var width: Int { get }

    /// Sends a request and calls back once, on some thread.
    func post(_ request: OutboundRequest, then finished: @escaping @Sendable (OutboundAnswer) -> Void)

    /// Sends nothing more, gives up what is still under way after a while, and returns when everything was called back.
    func close()
}
