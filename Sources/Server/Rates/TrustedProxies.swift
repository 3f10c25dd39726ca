import HTTPTypes
import Hummingbird
import Outbound

/// Finds who asks behind proxies: headers that say so count only from proxies that are listed.
struct TrustedProxies: Sendable {
    let networks: [AddressNetwork]

    /// The peer itself, unless it is a listed proxy; then the right-most hop that is none.
    ///
    /// A hop that cannot be read ends the search, as everything to its left is hearsay: then the request is its sender's.
    func client(of request: Request, peer: ClientAddress?) -> ClientAddress? {
        guard !networks.isEmpty, let peer, isTrusted(peer) else { return peer }
        var client = peer
        for hop in Self.hops(of: request.headers).reversed() {
            guard let address = ClientAddress(hop: hop) else { break }
            client = address
            if !isTrusted(address) { break }
        }
        return client
    }

    private func isTrusted(_ address: ClientAddress) -> Bool {
        let bytes = address.bytes
        return networks.contains { $0.contains(bytes) }
    }

    /// From the client on; of `X-Forwarded-For`, and only without it of `Forwarded` (RFC 7239), which a proxy that knows
    /// the one alone would pass on as the client wrote it.
    static func hops(of headers: HTTPFields) -> [Substring] {
        if let list = headers[.xForwardedFor] { return list.split(separator: ",", omittingEmptySubsequences: false) }
        guard let list = headers[.forwarded] else { return [] }
        return split(list[...], at: ",").map { element in
            for pair in split(element, at: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].drop(while: { $0 == " " }).lowercased() == "for" else { continue }
                return parts[1]
            }
            return ""
        }
    }

    /// The pieces between separators that do not stand in quotes.
    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var isQuoted = false
        return text.split(omittingEmptySubsequences: false) { character in
            if character == "\"" { isQuoted.toggle() }
            return character == separator && !isQuoted
        }
    }
}

extension HTTPField.Name {
    static let xForwardedFor = HTTPField.Name("X-Forwarded-For")!
    static let forwarded = HTTPField.Name("Forwarded")!
}
