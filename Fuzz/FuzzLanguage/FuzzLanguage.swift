import EventModel
import SegmentLanguage

/// Any text parses to definitions, diagnostics or both; what parsed without an error prints and parses to the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    let file = Parser.parse(text)
    _ = Binder.bind([file])
    guard !file.diagnostics.contains(where: { $0.severity == .error }) else { return 0 }
    for definition in file.definitions {
        let again = Parser.parse(Printer.text(of: definition))
        precondition(again.definitions == [definition], "a definition does not survive printing and parsing")
    }
    return 0
}
