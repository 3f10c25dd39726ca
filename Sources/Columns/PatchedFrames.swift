internal import CBytes

/// Unsigned integers in frames of 128, each with the width that suits most of its values; the few larger ones are
/// patched in.
///
/// ```
/// frame   size  field
///     0      1  width of a packed value in bits, 0…64
///     1      1  count of exceptions
///     2      1  width of an exception's upper part in bits
///     3      …  the lower `width` bits of each value, packed (see `BitPacking`, without padding)
///     …      …  per exception its place in the frame (1)
///     …      …  the exceptions' upper parts, packed
/// ```
///
/// The last frame has what is left. Eight zero bytes follow the frames. How many values there are is known from
/// elsewhere.
package enum PatchedFrames {
    package static let frameSize = 128

    // MARK: - Writing

    package static func append(_ values: [UInt64], to bytes: inout [UInt8]) {
        values.withUnsafeBufferPointer { values in
            var start = 0
            while start < values.count {
                let end = min(start + frameSize, values.count)
                appendFrame(UnsafeBufferPointer(rebasing: values[start..<end]), to: &bytes)
                start = end
            }
        }
        bytes.append(contentsOf: repeatElement(0, count: BitPacking.padding))
    }

    private static func appendFrame(_ values: UnsafeBufferPointer<UInt64>, to bytes: inout [UInt8]) {
        let (width, largest) = bestWidth(values)
        let upperWidth = largest - width
        let mask: UInt64 = width == 64 ? .max : (1 << UInt64(width)) - 1
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: frameSize) { places in
            var exceptions = 0
            if upperWidth > 0 {
                for place in values.indices where values[place] & ~mask != 0 {
                    places[exceptions] = UInt8(truncatingIfNeeded: place)
                    exceptions &+= 1
                }
            }
            bytes.append(UInt8(width))
            bytes.append(UInt8(exceptions))
            bytes.append(UInt8(upperWidth))
            BitPacking.appendBits(count: values.count, width: width, to: &bytes) { values[$0] & mask }
            bytes.append(contentsOf: places[..<exceptions])
            BitPacking.appendBits(count: exceptions, width: upperWidth, to: &bytes) {
                values[Int(places[$0])] >> UInt64(width)
            }
        }
    }

    /// The width with the fewest bits in all, and that of the largest value.
    private static func bestWidth(_ values: UnsafeBufferPointer<UInt64>) -> (width: Int, largest: Int) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 65) { counts in
            counts.initialize(repeating: 0)
            for value in values { counts[BitPacking.width(of: value)] += 1 }
            guard let largest = counts.lastIndex(where: { $0 > 0 }) else { return (0, 0) }
            var best = largest
            var bestBits = largest * values.count
            var exceptions = 0
            for width in stride(from: largest - 1, through: 0, by: -1) {
                exceptions += counts[width + 1]
                let bits = width * values.count + exceptions * (8 + largest - width)
                if bits < bestBits { (best, bestBits) = (width, bits) }
            }
            return (best, largest)
        }
    }

    // MARK: - Reading

    /// Where the frames of `count` values begin; checks everything `unpack` relies on, and that nothing follows them.
    package static func offsets(
        _ bytes: UnsafeRawBufferPointer, count: Int
    ) throws(ColumnError) -> [Int] {
        var offsets: [Int] = []
        // A frame takes three bytes at least, so that a forged count asks for no more than the bytes can hold.
        guard (count + frameSize - 1) / frameSize <= bytes.count / 3 else { throw .inconsistent(.countTooLarge) }
        offsets.reserveCapacity((count + frameSize - 1) / frameSize)
        var offset = 0
        var start = 0
        while start < count {
            let size = min(frameSize, count - start)
            guard offset + 3 <= bytes.count else {
                throw .truncated(offset: offset, needed: 3, available: bytes.count - offset)
            }
            let (width, exceptions, upperWidth) = (Int(bytes[offset]), Int(bytes[offset + 1]), Int(bytes[offset + 2]))
            guard width + upperWidth <= 64, exceptions <= size else { throw .inconsistent(.widthTooLarge) }
            offsets.append(offset)
            let places = offset + 3 + BitPacking.bareByteCount(count: size, width: width)
            offset = places + exceptions + BitPacking.bareByteCount(count: exceptions, width: upperWidth)
            guard offset <= bytes.count else {
                throw .truncated(offset: places, needed: offset - places, available: max(0, bytes.count - places))
            }
            for exception in 0..<exceptions where Int(bytes[places + exception]) >= size {
                throw .inconsistent(.rowsNotAscending)
            }
            start += size
        }
        guard offset + BitPacking.padding == bytes.count else {
            throw offset + BitPacking.padding > bytes.count
                ? .truncated(offset: offset, needed: BitPacking.padding, available: max(0, bytes.count - offset))
                : .inconsistent(.trailingBytes)
        }
        return offsets
    }

    /// Writes the values of `range` from `output` on.
    ///
    /// - Parameters:
    ///   - offsets: as `offsets(_:count:)` gave them for these bytes and this count.
    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, _ offsets: [Int], count: Int, _ range: Range<Int>,
        to output: UnsafeMutablePointer<Int64>
    ) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "values \(range) of \(count)")
        guard !range.isEmpty else { return }
        for frame in range.lowerBound / frameSize...(range.upperBound - 1) / frameSize {
            let start = frame * frameSize
            let size = min(frameSize, count - start)
            let wanted = max(range.lowerBound, start)..<min(range.upperBound, start + size)
            let header = offsets[frame]
            let (width, exceptions, upperWidth) = (Int(bytes[header]), Int(bytes[header + 1]), Int(bytes[header + 2]))
            let lower = UnsafeRawBufferPointer(rebasing: bytes[(header + 3)...])
            let target = output + (wanted.lowerBound - range.lowerBound)
            BitPacking.unpack(
                lower, from: wanted.lowerBound - start, count: wanted.count, width: width, base: 0, factor: 1,
                to: target)
            guard exceptions > 0 else { continue }
            let places = header + 3 + BitPacking.bareByteCount(count: size, width: width)
            let upper = UnsafeRawBufferPointer(rebasing: bytes[(places + exceptions)...])
            // The places were checked when the offsets were found, so those of a whole frame lie in it.
            if wanted.count == size, upperWidth <= 57, width < 64, let base = bytes.baseAddress {
                patch(base + places, exceptions, upper, upperWidth, width, target)
                continue
            }
            for exception in 0..<exceptions {
                let place = start + Int(bytes[places + exception])
                guard wanted.contains(place) else { continue }
                let high = BitPacking.value(at: exception, width: upperWidth, in: upper)
                target[place - wanted.lowerBound] |= Int64(bitPattern: high << UInt64(width))
            }
        }
    }

    /// Puts the exceptions of a frame in.
    ///
    /// - Precondition: `bits` reaches eight bytes beyond their upper parts.
    private static func patch(
        _ places: UnsafeRawPointer, _ exceptions: Int, _ bits: UnsafeRawBufferPointer, _ upperWidth: Int, _ width: Int,
        _ values: UnsafeMutablePointer<Int64>
    ) {
        let needed = BitPacking.bareByteCount(count: exceptions, width: upperWidth) + BitPacking.padding
        precondition(needed <= bits.count, "\(needed) bytes of \(bits.count)")
        guard let upper = bits.baseAddress else { return }
        shoal_patch_words(
            places.assumingMemoryBound(to: UInt8.self), exceptions, upper.assumingMemoryBound(to: UInt8.self),
            UInt32(upperWidth), UInt32(width), values)
    }

    /// All values.
    package static func values(_ bytes: UnsafeRawBufferPointer, count: Int) throws(ColumnError) -> [Int64] {
        let offsets = try offsets(bytes, count: count)
        return [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = count
            if let start = buffer.baseAddress { unpack(bytes, offsets, count: count, 0..<count, to: start) }
        }
    }
}
