import Glibc

/// Takes a form apart that a browser sends with a file in it (`multipart/form-data`, RFC 7578), as it comes.
///
/// ```
/// --BOUNDARY CRLF
/// Content-Disposition: form-data; name="file"; filename="orders.csv" CRLF
/// CRLF
/// the bytes of the file CRLF
/// --BOUNDARY-- CRLF
/// ```
/// What is kept in memory is one head, or one piece of a body as it came.
struct MultipartReader {
    enum Piece: Equatable {
        /// A part begins: the field's name, and the file's if it is one.
        case part(name: String, file: String?)
        case bytes([UInt8])
    }

    private enum State {
        case head, body, end
        /// Behind a delimiter: `--` or a line break follows.
        case delimiter
    }

    private let delimiter: [UInt8]
    private var buffer: [UInt8]
    /// What stands before the first delimiter is no part.
    private var isPreamble = true
    private var state = State.body

    /// The longest head of a part that is read.
    private static let headBytes = 8 * 1024

    /// Nil when the type is no such form.
    init?(contentType: String) {
        let parts = contentType.split(separator: ";", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased().filter({ $0 != " " }) == "multipart/form-data",
            let boundary = Self.parameter("boundary", of: String(parts[1])), (1...70).contains(boundary.utf8.count)
        else { return nil }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter has no line break before it.
        buffer = [0x0D, 0x0A]
    }

    /// Whether the form came to its end.
    var isWhole: Bool { state == .end }

    /// Takes more of the form, and answers what is known now; nil when it is no such form.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [Piece]? {
        buffer.append(contentsOf: bytes)
        var pieces: [Piece] = []
        while true {
            switch state {
            case .end:
                buffer.removeAll()
                return pieces
            case .delimiter:
                guard buffer.count >= 2 else { return pieces }
                let isLast = buffer[0] == UInt8(ascii: "-") && buffer[1] == UInt8(ascii: "-")
                guard isLast || (buffer[0] == 0x0D && buffer[1] == 0x0A) else { return nil }
                buffer.removeFirst(2)
                state = isLast ? .end : .head
            case .head:
                guard let end = Self.position(of: Array("\r\n\r\n".utf8), in: buffer) else {
                    return buffer.count > Self.headBytes ? nil : pieces
                }
                guard end <= Self.headBytes, let part = Self.part(Array(buffer[..<end])) else { return nil }
                buffer.removeFirst(end + 4)
                pieces.append(part)
                state = .body
            case .body:
                if let position = Self.position(of: delimiter, in: buffer) {
                    emit(position, &pieces)
                    buffer.removeFirst(delimiter.count)
                    isPreamble = false
                    state = .delimiter
                } else {
                    // The last bytes may be the beginning of a delimiter.
                    emit(max(0, buffer.count - delimiter.count + 1), &pieces)
                    return pieces
                }
            }
        }
    }

    /// Takes bytes off the buffer; those of a part are told.
    private mutating func emit(_ count: Int, _ pieces: inout [Piece]) {
        if !isPreamble, count > 0 { pieces.append(.bytes(Array(buffer[..<count]))) }
        buffer.removeFirst(count)
    }

    private static func position(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { bytes in
            pattern.withUnsafeBytes { pattern in
                guard let start = bytes.baseAddress, let wanted = pattern.baseAddress, let first = pattern.first else {
                    return nil
                }
                var position = 0
                while bytes.count - position >= pattern.count,
                    let found = memchr(start + position, Int32(first), bytes.count - position - pattern.count + 1)
                {
                    position = UnsafeRawPointer(found) - start
                    if memcmp(found, wanted, pattern.count) == 0 { return position }
                    position += 1
                }
                return nil
            }
        }
    }

    // MARK: - Heads

    private static func part(_ head: [UInt8]) -> Piece? {
        guard let text = String(validating: head, as: UTF8.self) else { return nil }
        for line in text.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-disposition",
                let semicolon = parts[1].firstIndex(of: ";")
            else { continue }
            let parameters = String(parts[1][semicolon...].dropFirst())
            guard let name = parameter("name", of: parameters) else { return nil }
            return .part(name: name, file: parameter("filename", of: parameters))
        }
        return nil
    }

    /// A parameter, quoted or not; browsers write `"` in a name as `%22`.
    private static func parameter(_ name: String, of text: String) -> String? {
        var rest = Substring(text)
        while true {
            rest = rest.drop { $0 == " " || $0 == ";" || $0 == "\t" }
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let key = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            let value: Substring
            if rest.first == "\"" {
                rest.removeFirst()
                guard let quote = rest.firstIndex(of: "\"") else { return nil }
                value = rest[..<quote]
                rest = rest[rest.index(after: quote)...]
            } else {
                value = rest.prefix { $0 != ";" }
                rest = rest.dropFirst(value.count)
            }
            if key == name { return String(value) }
        }
    }
}
