import NIOCore
import Outbound

/// The address that a request comes from, of version 4 or 6.
struct ClientAddress: Hashable, Sendable {
    /// In network order; those of version 4 as ::ffff:0:0/96, which is what sockets of version 6 call them.
    let bits: UInt128

    /// - Parameter bytes: 4 or 16, in network order.
    init?(_ bytes: some Collection<UInt8>) {
        let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        switch bytes.count {
        case 4: bits = 0xFFFF << 32 | number
        case 16: bits = number
        default: return nil
        }
    }

    /// Nil for a socket of the machine.
    init?(_ address: SocketAddress) {
        // Behind family and port stands the address of version 4; of version 6, behind the flow as well.
        let place: Range<Int>
        switch address {
        case .v4: place = 4..<8
        case .v6: place = 8..<24
        default: return nil
        }
        let bytes = address.withSockAddr { start, count in
            Array(UnsafeRawBufferPointer(start: start, count: count))
        }
        guard bytes.count >= place.upperBound else { return nil }
        self.init(bytes[place])
    }

    /// The address of a hop as proxies write it: bare, in brackets, with a port behind it, or in quotes.
    init?(hop: Substring) {
        var text = hop.trimming { $0 == " " || $0 == "\t" }.trimming { $0 == "\"" }
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = text[text.index(after: text.startIndex)..<end]
        } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
            text = text[..<colon]
        }
        guard text.utf8.count <= 45, let bytes = AddressNetwork.address(String(text)) else { return nil }
        self.init(bytes)
    }

    /// As people write it.
    var text: String {
        let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0)
        return address?.ipAddress ?? ""
    }

    var isV4: Bool { bits >> 32 == 0xFFFF }

    /// 4 or 16, in network order.
    var bytes: [UInt8] {
        let count = isV4 ? 4 : 16
        return (0..<count).map { UInt8(truncatingIfNeeded: bits >> UInt128(8 * (count - 1 - $0))) }
    }
}

extension Substring {
    fileprivate func trimming(_ isTaken: (Character) -> Bool) -> Substring {
        let start = drop(while: isTaken)
        guard let last = start.lastIndex(where: { !isTaken($0) }) else { return start }
        return start[...last]
    }
}
