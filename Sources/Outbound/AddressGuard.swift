/// Decides which addresses may be connected to when somebody else chose the destination.
///
/// Only what is reachable from everywhere is open: nothing of this machine, of the network around it, or of the services
/// that a host offers to its guests. It judges addresses, not names: it is asked when a socket is opened, so neither a
/// name that leads elsewhere the second time nor an odd form of a number passes. The ranges are those of IANA's
/// registries of special-purpose addresses (RFC 6890).
package struct AddressGuard: Sendable {
    private let opened: [AddressNetwork]

    /// - Parameter opened: what is open nevertheless, because whoever runs the server says so.
    package init(opening opened: [AddressNetwork] = []) { self.opened = opened }

    /// - Parameter address: 4 bytes or 16, in network order.
    package func allows(_ address: [UInt8]) -> Bool {
        if opened.contains(where: { $0.contains(address) }) { return true }
        switch address.count {
        case 4: return !Self.closedV4.contains { $0.contains(address) }
        case 16: return Self.globalV6.contains(address) && !Self.closedV6.contains { $0.contains(address) }
        default: return false
        }
    }

    private static func v4(_ leading: UInt8..., bits: Int) -> AddressNetwork {
        AddressNetwork(leading, count: 4, bits: bits)
    }

    private static func v6(_ leading: UInt8..., bits: Int) -> AddressNetwork {
        AddressNetwork(leading, count: 16, bits: bits)
    }

    private static let closedV4: [AddressNetwork] = [
        v4(0, bits: 8),  // this network, and unspecified
        v4(10, bits: 8),  // private
        v4(100, 64, bits: 10),  // behind a carrier's translation; metadata of some hosts
        v4(127, bits: 8),  // loopback
        v4(168, 63, 129, 16, bits: 32),  // the platform of Azure, which only its guests see
        v4(169, 254, bits: 16),  // link-local; metadata of most hosts
        v4(172, 16, bits: 12),  // private
        v4(192, 0, 0, bits: 24),  // protocol assignments
        v4(192, 0, 2, bits: 24),  // documentation
        v4(192, 88, 99, bits: 24),  // relays of 6to4
        v4(192, 168, bits: 16),  // private
        v4(198, 18, bits: 15),  // benchmarks
        v4(198, 51, 100, bits: 24),  // documentation
        v4(203, 0, 113, bits: 24),  // documentation
        v4(224, bits: 4),  // multicast
        v4(240, bits: 4),  // reserved, and broadcast
    ]

    /// All that is routed everywhere. Outside of it lie unspecified, loopback, v4-mapped and v4-compatible addresses,
    /// NAT64, the discarded ones, unique local (ULA), link-local, site-local and multicast.
    private static let globalV6 = v6(0x20, bits: 3)

    private static let closedV6: [AddressNetwork] = [
        v6(0x20, 0x01, bits: 23),  // protocol assignments: Teredo, benchmarks, ORCHID
        v6(0x20, 0x01, 0x0D, 0xB8, bits: 32),  // documentation
        v6(0x20, 0x02, bits: 16),  // 6to4
        v6(0x3F, 0xFF, bits: 20),  // documentation
    ]
}
