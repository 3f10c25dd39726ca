import Testing

@testable import Outbound

struct AddressGuardTests {
    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
        "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
        "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
        "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
        "2001::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "5f00::1", "4000::1",
    ])
    func `what is not reachable from everywhere is closed`(text: String) throws {
        let address = try #require(AddressNetwork.address(text))
        #expect(!AddressGuard().allows(address))
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "2001:4860::8888",
        "2003::1",
    ])
    func `what is reachable from everywhere is open`(text: String) throws {
        let address = try #require(AddressNetwork.address(text))
        #expect(AddressGuard().allows(address))
    }

    @Test func `whoever runs the server opens networks, and nothing else with them`() throws {
        let opened = try ["127.0.0.0/8", "10.1.0.0/15", "fd00::/8"].map { try #require(AddressNetwork($0)) }
        let addresses = AddressGuard(opening: opened)
        func allows(_ text: String) throws -> Bool { addresses.allows(try #require(AddressNetwork.address(text))) }
        #expect(try allows("127.0.0.1") && allows("10.0.255.1") && allows("10.1.2.3") && allows("fd12::1"))
        #expect(try !allows("10.2.0.0") && !allows("::ffff:127.0.0.1") && !allows("fc00::1") && !allows("::1"))
    }

    @Test(arguments: ["10.0.0.0/8", "10.0.0.1", "::/0", "fd00::/8", "0.0.0.0/0", "::ffff:1.2.3.4/96"])
    func `networks are addresses, alone or with a count of bits`(text: String) {
        #expect(AddressNetwork(text) != nil)
    }

    @Test(arguments: [
        "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10/8", "::/129",
        "localhost",
        "10.0.0.0/ 8", "010.0.0.1", "[::1]", "10.0.0.0/0008", "127.0.0.1\0",
    ])
    func `nothing else is a network`(text: String) { #expect(AddressNetwork(text) == nil) }

    @Test func `a network of no bits has every address of its kind`() throws {
        let network = try #require(AddressNetwork("0.0.0.0/0"))
        #expect(network.contains([255, 255, 255, 255]) && network.contains([0, 0, 0, 0]))
        #expect(!network.contains([UInt8](repeating: 0, count: 16)) && !network.contains([]))
    }
}
