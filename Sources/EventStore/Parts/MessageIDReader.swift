import EventModel

/// Finds the message id in an original that is known to be a message, without making a document of it.
enum MessageIDReader {
    private static let key = Array("messageId".utf8)

    /// The id, or nil when it does not stand there as plainly as it mostly does: ask the decoder then.
    ///
    /// Only a string without escapes under the key `messageId`, itself without escapes, at the top of the object counts.
    static func messageID(_ json: UnsafeRawBufferPointer) -> Text? {
        var depth = 0
        var place = 0
        var isKey = false
        while place < json.count {
            switch json[place] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                isKey = depth == 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
            case UInt8(ascii: ","):
                isKey = depth == 1
            case UInt8(ascii: "\""):
                guard let end = end(ofString: json, place + 1) else { return nil }
                let string = UnsafeRawBufferPointer(rebasing: json[(place + 1)..<end])
                place = end
                if isKey, depth == 1 {
                    isKey = false
                    if string.elementsEqual(key) { return value(json, end + 1) }
                    // The key might be written with escapes.
                    if string.contains(UInt8(ascii: "\\")) { return nil }
                }
            default:
                break
            }
            place += 1
        }
        return nil
    }

    /// Where a string ends that begins at `start`: its closing quotation mark.
    private static func end(ofString json: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        var place = start
        while place < json.count {
            if json[place] == UInt8(ascii: "\"") { return place }
            place += json[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// The string behind a key, if it is one without escapes.
    private static func value(_ json: UnsafeRawBufferPointer, _ start: Int) -> Text? {
        var place = start
        while place < json.count, json[place] != UInt8(ascii: "\"") {
            let isSpace = [0x20, 0x09, 0x0A, 0x0D].contains(json[place])
            guard isSpace || json[place] == UInt8(ascii: ":") else { return nil }
            place += 1
        }
        guard place < json.count, let end = end(ofString: json, place + 1) else { return nil }
        let string = UnsafeRawBufferPointer(rebasing: json[(place + 1)..<end])
        guard !string.isEmpty, !string.contains(UInt8(ascii: "\\")) else { return nil }
        return Text(utf8: string)
    }
}

extension MessageRecord {
    /// The key of the message.
    ///
    /// - Parameter source: the name of the source, which enters the key.
    func key(_ decoder: MessageDecoder, source: Text) throws(EventStoreError) -> DedupKey {
        let plain = bytes.withUnsafeBytes { bytes in
            bytes.first == 0 ? MessageIDReader.messageID(UnsafeRawBufferPointer(rebasing: bytes.dropFirst())) : nil
        }
        if let plain { return DedupKey(source: source, messageID: plain) }
        return try decode(decoder, source: source).key
    }
}
