internal import CZstd
import EventModel
import Synchronization

/// Compression of chunks and originals.
enum Zstandard {
    /// Fast, and for JSON nearly as small as the slower levels.
    private static let level: Int32 = 1

    /// Whether so few compressed bytes may stand for so many: at most 4,096 times as many and a mebibyte.
    ///
    /// zstd itself would allow some 40,000 times, and a damaged file of a few kilobytes could then ask for gigabytes.
    static func isPossible(_ size: Int, from compressed: Int) -> Bool { size >> 12 <= compressed + 256 }

    /// The compressed bytes, or nil when they would not be noticeably fewer, or so few that no reader takes them.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? { bytes.withUnsafeBytes { compress($0) } }

    static func compress(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard bytes.count >= 64, let start = bytes.baseAddress, let context = CompressionContexts.take() else {
            return nil
        }
        defer { CompressionContexts.give(back: context) }
        let bound = ZSTD_compressBound(bytes.count)
        var size = 0
        let result = [UInt8](unsafeUninitializedCapacity: bound) { buffer, initialized in
            size = ZSTD_compressCCtx(context.pointer, buffer.baseAddress, bound, start, bytes.count, level)
            initialized = ZSTD_isError(size) == 0 ? size : 0
        }
        guard ZSTD_isError(size) == 0, size < bytes.count - bytes.count / 16, isPossible(bytes.count, from: size)
        else { return nil }
        // What is kept shall not hold on to the room for what might have been.
        return result.capacity > 2 * result.count + 4_096 ? Array(result[...]) : result
    }

    /// Exactly `size` bytes, or nil when the input is damaged or has another size.
    static func decompress(_ bytes: UnsafeRawBufferPointer, size: Int) -> MappedBytes? {
        // Compressed data that stays small when it should be huge is refused before anything is allocated.
        guard size >= 0, size <= Int(UInt32.max), isPossible(size, from: bytes.count), let start = bytes.baseAddress
        else { return nil }
        let declared = ZSTD_getFrameContentSize(start, bytes.count)
        guard declared == UInt64(size) else { return nil }
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: max(size, 1), alignment: 16)
        let found = ZSTD_decompress(room.baseAddress, size, start, bytes.count)
        guard ZSTD_isError(found) == 0, found == size else {
            room.deallocate()
            return nil
        }
        return MappedBytes(UnsafeRawBufferPointer(start: room.baseAddress, count: size)) { $0.deallocate() }
    }
}

/// Tables for compressing, which take longer to make than a block to compress.
private enum CompressionContexts {
    /// Used by one call at a time, and never freed: there are as many as threads that compress.
    struct Context: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private static let free = Locked<[Context]>([])

    static func take() -> Context? {
        free.withLock { $0.popLast() } ?? ZSTD_createCCtx().map { Context(pointer: $0) }
    }

    static func give(back context: Context) { free.withLock { $0.append(context) } }
}
