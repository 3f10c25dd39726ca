import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import NIOCore

/// What went wrong with a request, in the one shape that all answers have.
///
/// ```
/// {"code": "invalid-json", "message": "…", "details": {…}, "status": 400}
/// ```
struct APIError: Error {
    var status: HTTPResponse.Status
    /// Stable; see `docs/errors.md`.
    var code: String
    /// What was wrong, and what to do.
    var message: String
    var details = JSONObject()
    /// Seconds after which the same request may be sent again.
    var retryAfter: Int?
    /// Methods that the path takes, for 405.
    var allowed: [HTTPRequest.Method] = []

    init(
        _ status: HTTPResponse.Status, _ code: String, _ message: String, details: JSONObject = JSONObject(),
        retryAfter: Int? = nil, allowed: [HTTPRequest.Method] = []
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.retryAfter = retryAfter
        self.allowed = allowed
    }

    var json: JSONValue {
        .object(
            JSONObject([
                ("code", .string(Text(code))), ("message", .string(Text(message))), ("details", .object(details)),
                ("status", .number(Decimal128(status.code))),
            ]))
    }

    var response: Response {
        var response = Response(json, status: status)
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        if !allowed.isEmpty { response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ") }
        return response
    }
}

extension APIError {
    /// An error of the store, as a client shall see it.
    init(_ error: EventStoreError) {
        switch error {
        case .diskFull:
            self.init(
                .serviceUnavailable, "disk-full",
                "The disk is full; nothing of this request was stored. Send it again later.",
                retryAfter: 30)
        case .messageTooLarge:
            self.init(.contentTooLarge, error.code, error.message)
        default:
            self.init(
                .serviceUnavailable, error.code,
                "The store cannot take or read data now; send the same again later.", retryAfter: 30)
        }
    }
}

extension Response {
    init(_ json: JSONValue, status: HTTPResponse.Status = .ok) {
        self.init(json: ByteBuffer(bytes: JSONWriter.bytes(of: json)), status: status)
    }

    /// The bytes of a JSON value.
    init(json bytes: ByteBuffer, status: HTTPResponse.Status = .ok) {
        var headers = HTTPFields()
        headers[.contentType] = "application/json; charset=utf-8"
        self.init(status: status, headers: headers, body: .init(byteBuffer: bytes))
    }

    init(text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok) {
        var headers = HTTPFields()
        headers[.contentType] = type
        self.init(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
