import EventModel
import HTTPTypes

/// What is said to a connection before there is a request that a route could answer.
extension APIError {
    static func tooSlow(_ deadlines: Deadlines) -> APIError {
        let rate = deadlines.bytesPerSecond
        return APIError(
            .requestTimeout, Limits.bodySeconds.code,
            "The body came too slowly: it has \(deadlines.body.components.seconds) seconds"
                + (rate > 0 ? ", and more only at \(rate) bytes a second" : "")
                + ". Nothing of it was stored; send it again.")
    }

    static let urlTooLong = APIError(
        .uriTooLong, Limits.urlBytes.code, "The URL has more than \(Limits.urlBytes.value) bytes.")
    static let headTooLarge = APIError(
        .requestHeaderFieldsTooLarge, Limits.headBytes.code,
        "A request has at most \(Limits.headFields.value) header fields of \(Limits.headFieldBytes.value) bytes each, "
            + "and \(Limits.headBytes.value) in all; the URL counts as one.")
    static let noRequest = APIError(.badRequest, "bad-request", "This is no request of HTTP/1.1.")
    static let tooManyConnections = APIError(
        .serviceUnavailable, Limits.connections.code,
        "There are as many connections as there may be; try again in a moment.", retryAfter: 1)
}
