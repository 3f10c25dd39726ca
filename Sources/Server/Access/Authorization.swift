import EventModel
import Foundation
import HTTPTypes
import Hummingbird

/// Finds the key that a request carries, where SDKs put it.
struct Authorization: Sendable {
    let keys: AccessKeys
    let rates: RateLimits

    /// The key to append with: HTTP Basic with the key as user, a bearer token, `X-API-Key`, the query, or the body.
    ///
    /// - Parameter inBody: what the body says, if anything.
    func sender(of request: Request, inBody: Text? = nil) throws(APIError) -> AccessKey {
        guard let text = Self.text(of: request) ?? inBody.map(\.string), !text.isEmpty else {
            throw APIError(
                .unauthorized, "missing-write-key",
                "A write key is needed: as the user of HTTP Basic, as bearer token, or as writeKey in the body.")
        }
        return try known(text)
    }

    /// The key of a request that has it in its head, if it is a good one; known before the body is read.
    func keyAhead(of request: Request) -> AccessKey? {
        guard let text = Self.text(of: request), !text.isEmpty else { return nil }
        return try? known(text)
    }

    /// The secret key of a request that reads or changes things; the request counts for it.
    func secret(of request: Request) throws(APIError) -> AccessKey {
        guard let text = Self.text(of: request), !text.isEmpty else {
            throw APIError(.unauthorized, "missing-secret-key", "A secret key is needed, as bearer token.")
        }
        let key = try known(text)
        guard key.kind == .secret else {
            throw APIError(.forbidden, "secret-key-needed", "A write key may only append; this needs a secret key.")
        }
        try rates.takeRequest(key: key)
        return key
    }

    /// Whether a request carries a key, right or wrong.
    static func hasKey(_ request: Request) -> Bool { text(of: request)?.isEmpty == false }

    private func known(_ text: String) throws(APIError) -> AccessKey {
        guard let key = keys.key(text) else {
            let hint = AccessKey.isWellFormed(text) ? "is not one of this workspace" : "is mistyped or cut short"
            throw APIError(.unauthorized, "invalid-key", "The key \(hint); 'shoal keys' lists those there are.")
        }
        guard !key.isDisabled else {
            throw APIError(.unauthorized, "key-disabled", "The key was disabled; 'shoal keys' lists those there are.")
        }
        return key
    }

    private static func text(of request: Request) -> String? {
        if let header = request.headers[.authorization] {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            switch parts[0].lowercased() {
            case "bearer": return String(parts[1])
            case "basic":
                guard let data = Data(base64Encoded: String(parts[1])) else { return nil }
                // The password is empty, and some clients leave the colon out.
                return String(decoding: data, as: UTF8.self).split(separator: ":").first.map(String.init)
            default: return nil
            }
        }
        if let header = request.headers[.xAPIKey] { return header }
        return request.uri.queryParameters["writeKey"].map(String.init)
    }
}

extension HTTPField.Name {
    static let xAPIKey = HTTPField.Name("X-API-Key")!
}
