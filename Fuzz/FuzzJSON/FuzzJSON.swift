import EventModel

/// Any bytes are a document or an error; a document, written and read again, is the same document.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: count)
    guard let value = try? JSONReader.parse(bytes) else { return 0 }
    var written: [UInt8] = []
    JSONWriter.append(value, to: &written)
    precondition((try? JSONReader.parse(written)) == value, "a document does not survive writing and reading")
    return 0
}
