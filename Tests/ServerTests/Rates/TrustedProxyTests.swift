import HTTPTypes
import Hummingbird
import NIOCore
import Outbound
import Testing

@testable import Server

struct TrustedProxyTests {
    private static let proxies = ["10.0.0.0/8", "fd00::/8"]

    private func client(_ fields: [String: String], peer: String = "10.0.0.1") throws -> ClientAddress? {
        var headers = HTTPFields()
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/", headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
        return TrustedProxies(networks: Self.proxies.compactMap { AddressNetwork($0) })
            .client(of: request, peer: ClientAddress(hop: peer[...]))
    }

    @Test(arguments: [
        ("1.2.3.4", "1.2.3.4"), ("6.6.6.6, 1.2.3.4", "1.2.3.4"), ("6.6.6.6,1.2.3.4 , 10.2.2.2,fd00::7", "1.2.3.4"),
        ("10.9.9.9, 10.2.2.2", "10.9.9.9"), ("unknown, 10.2.2.2", "10.2.2.2"), ("1.2.3.4, unknown", "10.0.0.1"),
        ("", "10.0.0.1"), (",,", "10.0.0.1"), ("1.2.3.4:5678", "1.2.3.4"), ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"), ("::ffff:10.2.2.2", "10.2.2.2"), ("1.2.3.4, 10.2.2", "10.0.0.1"),
        ("[", "10.0.0.1"), ("\"", "10.0.0.1"),
    ])
    func `the right-most hop that is no listed proxy is the client`(header: String, expected: String) throws {
        #expect(try client(["X-Forwarded-For": header]) == ClientAddress(hop: expected[...]))
    }

    @Test(arguments: [
        ("for=1.2.3.4", "1.2.3.4"),
        ("for=6.6.6.6, For=\"1.2.3.4:80\";proto=https, proto=http; for=10.2.2.2", "1.2.3.4"),
        ("for=\"[2001:db8::1]:4711\"", "2001:db8::1"), ("by=10.1.1.1;proto=http", "10.0.0.1"),
        ("for=1.2.3.4, for=_hidden", "10.0.0.1"), ("for=\"6.6.6.6, for=1.2.3.4\"", "10.0.0.1"), ("for", "10.0.0.1"),
    ])
    func `Forwarded says the same in its own way`(header: String, expected: String) throws {
        #expect(try client(["Forwarded": header]) == ClientAddress(hop: expected[...]))
    }

    @Test func `of both headers X-Forwarded-For counts, which such a proxy writes itself`() throws {
        let both = ["X-Forwarded-For": "1.2.3.4", "Forwarded": "for=6.6.6.6"]
        #expect(try client(both) == ClientAddress(hop: "1.2.3.4"))
    }

    @Test func `a peer that is not listed is the client, whatever it says`() throws {
        let fields = ["X-Forwarded-For": "1.2.3.4", "Forwarded": "for=1.2.3.4"]
        #expect(try client(fields, peer: "192.0.2.9") == ClientAddress(hop: "192.0.2.9"))
        #expect(try client(fields, peer: "::ffff:192.0.2.9") == ClientAddress(hop: "192.0.2.9"))
        #expect(try client(fields, peer: "::ffff:10.0.0.1") == ClientAddress(hop: "1.2.3.4"))
    }
}
