import CZlib

/// The inflated bytes of a gzip file, of any number of members (RFC 1952, section 2.2).
package final class GzipSource: ByteSource {
    private let compressed: any ByteSource
    private let path: String
    /// zlib keeps a pointer to its stream, so the stream stays at one address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var inputOffset = 0
    private var inputEnded = false
    private var state = State.betweenMembers(first: true)
    private static let pieceBytes = 128 * 1024

    private enum State {
        case betweenMembers(first: Bool)
        case inMember
        case ended
        case failed(ImportError)
    }

    /// `path` only names the file in errors.
    package init(_ compressed: any ByteSource, path: String) throws(ImportError) {
        self.compressed = compressed
        self.path = path
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15: the largest window; + 16: gzip framing with its checksum.
        let answer = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard answer == Z_OK else {
            stream.deallocate()
            throw .damagedGzip(path: path, reason: "zlib does not start (\(answer))")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    package var position: Int64 { compressed.position }

    package func read(into buffer: inout [UInt8], limit: Int) throws(ImportError) -> Int {
        guard limit > 0 else { return 0 }
        while true {
            switch state {
            case .ended: return 0
            case .failed(let error): throw error
            case .betweenMembers(let first): try enterMember(first: first)
            case .inMember:
                let count = try inflateSome(into: &buffer, limit: limit)
                if count > 0 { return count }
            }
        }
    }

    /// Looks for the next member; zeros that pad the file after the last one are passed over.
    private func enterMember(first: Bool) throws(ImportError) {
        while true {
            while inputOffset < input.count, input[inputOffset] == 0, !first { inputOffset += 1 }
            if inputOffset < input.count { break }
            guard try refill() else {
                state = .ended
                return
            }
        }
        guard input[inputOffset] == 0x1F else {
            return fail("bytes that are not gzip follow the compressed data")
        }
        state = .inMember
    }

    private func inflateSome(into buffer: inout [UInt8], limit: Int) throws(ImportError) -> Int {
        if inputOffset == input.count, try !refill() {
            fail("it ends in the middle: the file was cut short")
            return 0
        }
        let room = min(limit, Self.pieceBytes)
        var answer: Int32 = Z_OK
        let piece = [UInt8](unsafeUninitializedCapacity: room) { target, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.pointee.next_in = source.baseAddress.map { $0 + inputOffset }
                stream.pointee.avail_in = UInt32(source.count - inputOffset)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(room)
                answer = inflate(stream, Z_NO_FLUSH)
                inputOffset = source.count - Int(stream.pointee.avail_in)
            }
            count = room - Int(stream.pointee.avail_out)
        }
        buffer.append(contentsOf: piece)
        switch answer {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END:
            inflateReset(stream)
            state = .betweenMembers(first: false)
        default:
            fail(stream.pointee.msg.map { String(cString: $0) } ?? "zlib says \(answer)")
        }
        return piece.count
    }

    private func refill() throws(ImportError) -> Bool {
        guard !inputEnded else { return false }
        input.removeAll(keepingCapacity: true)
        inputOffset = 0
        let count = try compressed.read(into: &input, limit: Self.pieceBytes)
        inputEnded = count == 0
        return count > 0
    }

    private func fail(_ reason: String) {
        state = .failed(.damagedGzip(path: path, reason: reason))
    }
}
