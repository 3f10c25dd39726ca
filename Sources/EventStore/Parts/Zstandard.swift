internal import CZstd
import EventModel
import Synchronization

/// Compression of chunks and originals.
enum Zstandard {
    /// What is compressed, for which different ways are best.
    enum Content {
        /// Texts: quickly, and for JSON nearly as small as the slower levels.
        case texts
        /// Planes of codes, in which hardly anything comes twice: searching for what does is nearly left out (4 % longer, in
        /// half of the time), and bytes are coded by how frequent they are.
        case codes

        fileprivate var parameters: [(ZSTD_cParameter, Int32)] {
            switch self {
            case .texts: [(ZSTD_c_compressionLevel, 1)]
            // The fifth experimental parameter is `ZSTD_c_literalCompressionMode`, and 1 asks for Huffman codes, which levels
            // below zero do without.
            case .codes: [(ZSTD_c_compressionLevel, -20), (ZSTD_c_experimentalParam5, 1)]
            }
        }
    }

    /// Whether so few compressed bytes may stand for so many: at most 4,096 times as many and a mebibyte.
    ///
    /// zstd itself would allow some 40,000 times, and a damaged file of a few kilobytes could then ask for gigabytes.
    static func isPossible(_ size: Int, from compressed: Int) -> Bool { size >> 12 <= compressed + 256 }

    /// The compressed bytes, or nil when they would not be noticeably fewer, or so few that no reader takes them.
    static func compress(_ bytes: [UInt8], as content: Content = .texts) -> [UInt8]? {
        bytes.withUnsafeBytes { compress($0, as: content) }
    }

    static func compress(_ bytes: UnsafeRawBufferPointer, as content: Content = .texts) -> [UInt8]? {
        let contexts = content == .texts ? CompressionContexts.forTexts : CompressionContexts.forCodes
        guard bytes.count >= 64, let start = bytes.baseAddress, let context = contexts.take() else { return nil }
        defer { contexts.give(back: context) }
        let bound = ZSTD_compressBound(bytes.count)
        var size = 0
        let result = [UInt8](unsafeUninitializedCapacity: bound) { buffer, initialized in
            size = ZSTD_compress2(context.pointer, buffer.baseAddress, bound, start, bytes.count)
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
private final class CompressionContexts: Sendable {
    static let forTexts = CompressionContexts(.texts)
    static let forCodes = CompressionContexts(.codes)

    /// Used by one call at a time, and never freed: there are as many as threads that compress.
    struct Context: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let content: Zstandard.Content
    private let free = Locked<[Context]>([])

    private init(_ content: Zstandard.Content) { self.content = content }

    func take() -> Context? {
        if let known = free.withLock({ $0.popLast() }) { return known }
        guard let pointer = ZSTD_createCCtx() else { return nil }
        // A library that does not know a parameter compresses all the same.
        for (parameter, value) in content.parameters { _ = ZSTD_CCtx_setParameter(pointer, parameter, value) }
        return Context(pointer: pointer)
    }

    func give(back context: Context) { free.withLock { $0.append(context) } }
}
