import EventModel
import Foundation
import TestSupport
import Testing

@testable import Outbound

/// The many ways to write an address: whatever a URL says, nothing that is closed is connected to.
struct LiteralFormTests {
    /// Addresses of version 4 that are closed.
    private static let closed: [UInt32] = [
        0x7F00_0001, 0x7F01_0203, 0x0000_0000, 0x0A00_0001, 0xA9FE_A9FE, 0xC0A8_0001, 0xAC10_0001, 0x6440_0001,
        0xC612_0001, 0xE000_0001, 0xFFFF_FFFF, 0x7FFF_FFFE,
    ]

    /// Forms that some reader takes for an address of version 4.
    private static func forms(_ address: UInt32) -> [String] {
        func octal(_ number: UInt32) -> String { "0" + String(number, radix: 8) }
        func hexadecimal(_ number: UInt32) -> String { "0x" + String(number, radix: 16) }
        func joined(_ parts: [String]) -> String { parts.joined(separator: ".") }
        let parts: [UInt32] = [address >> 24, address >> 16 & 0xFF, address >> 8 & 0xFF, address & 0xFF]
        let decimals: [String] = parts.map { String($0) }
        let octals: [String] = parts.map(octal)
        let hexadecimals: [String] = parts.map(hexadecimal)
        let three: UInt32 = address & 0xFF_FFFF
        let two: UInt32 = address & 0xFFFF
        let past: UInt64 = UInt64(address) + 0x1_0000_0000
        let dotted: String = joined(decimals)
        var forms: [String] = [dotted, joined(octals), joined(hexadecimals), dotted + "."]
        forms.append(joined(hexadecimals.map { $0.uppercased() }))
        forms.append(joined(octals.map { "00" + $0 }))
        forms.append(joined(hexadecimals.map { "0x000" + $0.dropFirst(2) }))
        forms += [String(address), octal(address), hexadecimal(address), "000" + octal(address)]
        forms.append(hexadecimal(address).uppercased())
        forms.append(joined([decimals[0], String(three)]))
        forms.append(joined([hexadecimals[0], hexadecimal(three)]))
        forms.append(joined([octals[0], octal(three)]))
        forms.append(joined([decimals[0], decimals[1], String(two)]))
        forms.append(joined([hexadecimals[0], octals[1], String(two)]))
        forms.append(joined([decimals[0], octals[1], hexadecimals[2], decimals[3]]))
        forms.append(joined([hexadecimals[0], decimals[1], octals[2], decimals[3]]))
        // Full stops of other scripts, percent signs, and more than 32 bits, which some readers cut.
        forms.append(decimals.joined(separator: "。"))
        forms.append(decimals.joined(separator: "%2e"))
        forms.append(String(past))
        forms.append("0x1" + String(repeating: "0", count: 8))
        return forms + inVersion6(dotted, String(address >> 16, radix: 16), String(two, radix: 16)).map { "[\($0)]" }
    }

    /// Addresses of version 6 that carry one of version 4, given with dots and as two groups.
    private static func inVersion6(_ dotted: String, _ high: String, _ low: String) -> [String] {
        let groups: String = high + ":" + low
        let before: [String] = [
            "::ffff:", "::FFFF:", "0:0:0:0:0:ffff:", "0000:0000:0000:0000:0000:ffff:", "::", "64:ff9b::",
            "64:ff9b:1::", "2001::", "::ffff:0:", "fe80::5efe:",
        ]
        let dots: [String] = ["::ffff:", "0:0:0:0:0:ffff:", "::", "64:ff9b::"].map { $0 + dotted }
        let behind: [String] = ["2002:" + groups + "::", "2002:" + groups + "::1", "2001:0:" + groups + "::"]
        return before.map { $0 + groups } + dots + behind
    }

    private static let others = [
        "localhost", "LOCALHOST", "localhost.", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[0::0:1]", "[::0001]",
        "[fe80::1]",
        "[fe80::1%25lo]", "[fe80::1%25eth0]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]",
        "[100::1]", "127.1", "127.0.1", "0", "0x0", "00", "0.0", "[::1%25lo]", "[::ffff:0:0]", "①②⑦.⓪.⓪.①",
    ]

    @Test func `more than 500 forms of closed addresses lead nowhere`() async throws {
        let receiver = try FaultyReceiver(everywhere: true)
        defer { receiver.close() }
        let client = OutboundClient()
        defer { client.close() }
        let hosts = Self.closed.flatMap(Self.forms) + Self.others
        #expect(hosts.count >= 500)
        let port = receiver.port
        let refused = await withTaskGroup(of: Bool.self) { group in
            for host in hosts {
                group.addTask {
                    let answer = await client.post("http://\(host):\(port)/ok")
                    // What is no address is a name, and looking it up may take longer than there is time.
                    let expected: [OutboundAnswer.Outcome] = [.addressRefused, .badURL, .notResolved, .timedOut]
                    #expect(expected.contains(answer.outcome), "\(host): \(answer.outcome)")
                    return answer.outcome == .addressRefused
                }
            }
            var refused = 0
            for await isRefused in group where isRefused { refused += 1 }
            return refused
        }
        #expect(receiver.connections == 0)
        // Most of them are understood, and refused when the socket is to be opened.
        #expect(refused > hosts.count / 2, "\(refused) of \(hosts.count)")
    }

    @Test func `the same forms are taken when their network is opened`() async throws {
        let receiver = try FaultyReceiver()
        defer { receiver.close() }
        let client = try OutboundClient(AddressGuard(opening: [#require(AddressNetwork("127.0.0.0/8"))]))
        defer { client.close() }
        for host in ["127.0.0.1", "0x7f000001", "2130706433", "127.1", "017700000001", "localhost"] {
            #expect(await client.post("http://\(host):\(receiver.port)/ok").status == 204, "\(host)")
        }
    }

    @Test(arguments: [
        "", "x", "//127.0.0.1/", "http://", "http:///x", "file:///etc/passwd", "ftp://127.0.0.1/",
        "gopher://127.0.0.1/",
        "dict://127.0.0.1/", "smtp://127.0.0.1/", "http://user@127.0.0.1/", "http://user:secret@127.0.0.1/",
        "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1/#x", "http://127.0.0.1/\0",
        "unix:/tmp/x",
        "javascript:alert(1)", "http://127.0.0.1:99999/", "http://é.example/", "http:127.0.0.1",
    ])
    func `what is no plain http or https URL is not sent to`(url: String) async {
        #expect(!OutboundURL.isUsable(url))
        let client = OutboundClient()
        defer { client.close() }
        #expect(await client.post(url).outcome == .badURL)
    }
}

extension OutboundClient {
    func post(_ url: String, _ body: String = "{}") async -> OutboundAnswer {
        await withCheckedContinuation { continuation in
            post(OutboundRequest(url: url, fields: [], body: Array(body.utf8))) { continuation.resume(returning: $0) }
        }
    }
}
