import CZlib
import EventModel
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads the body of a request, whole and inflated, within limits.
enum RequestBody {
    /// - Parameter limit: of the bytes as they come and of the inflated ones.
    static func read(_ request: Request, limit: Int) async throws -> [UInt8] {
        let buffer: ByteBuffer
        do { buffer = try await request.body.collect(upTo: limit) } catch is NIOTooManyBytesError {
            throw APIError.tooLarge
        }
        let bytes = Array(buffer.readableBytesView)
        switch request.headers[.contentEncoding]?.lowercased() {
        case nil, "identity", "": return bytes
        case "gzip", "x-gzip": return try inflate(bytes, limit: limit)
        case let other?:
            throw APIError(
                .unsupportedMediaType, "unknown-encoding",
                "The body is encoded as \(other.prefix(40)); send it plain or as gzip.")
        }
    }

    /// The JSON object that a body is.
    static func object(of body: [UInt8]) throws(APIError) -> JSONObject {
        let value: JSONValue
        do throws(JSONError) {
            // A message of a batch stands two levels deeper than one by itself.
            value = try JSONReader.parse(body, limits: Limits.JSON(depth: Limits.jsonDepth.value + 2))
        } catch {
            throw APIError(
                .badRequest, "invalid-json", "The body is no JSON: \(error.detail).",
                details: JSONObject([("offset", .number(Decimal128(error.offset)))]))
        }
        guard case .object(let object) = value else {
            throw APIError(.badRequest, "invalid-json", "The body is no JSON object.")
        }
        return object
    }

    /// The bytes of a gzip stream; no more than `limit` are ever made.
    static func inflate(_ bytes: [UInt8], limit: Int) throws(APIError) -> [UInt8] {
        var stream = z_stream()
        // 15: the largest window; + 16: gzip framing with its checksum.
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw APIError(.serviceUnavailable, "internal-error", "zlib does not start.", retryAfter: 1)
        }
        defer { inflateEnd(&stream) }
        var inflated: [UInt8] = []
        var input = bytes
        var answer = Z_OK
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            while answer == Z_OK, inflated.count <= limit {
                let room = min(64 * 1024, limit + 1 - inflated.count)
                let piece = [UInt8](unsafeUninitializedCapacity: room) { target, count in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(room)
                    answer = CZlib.inflate(&stream, Z_NO_FLUSH)
                    count = room - Int(stream.avail_out)
                }
                inflated.append(contentsOf: piece)
                if answer == Z_BUF_ERROR || (answer == Z_OK && piece.isEmpty && stream.avail_in == 0) { break }
            }
        }
        guard inflated.count <= limit else { throw .tooLarge }
        guard answer == Z_STREAM_END, stream.avail_in == 0 else {
            throw APIError(.badRequest, "damaged-gzip", "The body is not whole gzip data.")
        }
        return inflated
    }
}

extension APIError {
    static let tooLarge = APIError(
        .contentTooLarge, Limits.batchBytes.code,
        "The body has more than \(Limits.batchBytes.value) bytes, inflated or not; send smaller batches.")
}
