import Connectors
import EventModel
import SegmentLanguage

/// What must hold of each reader of foreign input, whatever the bytes; a broken promise traps.
///
/// The fuzzers call these with inputs that coverage leads them to, the tests with inputs drawn from seeds.
package enum ReaderChecks {
    /// Any bytes are a document or an error; a document, written and read again, is the same document.
    package static func json(_ bytes: [UInt8]) {
        guard let value = try? JSONReader.parse(bytes) else { return }
        var written: [UInt8] = []
        JSONWriter.append(value, to: &written)
        precondition((try? JSONReader.parse(written)) == value, "a document does not survive writing and reading")
    }

    /// Any text parses to definitions, diagnostics or both; what parsed without an error prints and parses to the same.
    package static func language(_ bytes: [UInt8]) {
        let file = Parser.parse(String(decoding: bytes, as: UTF8.self))
        _ = Binder.bind([file])
        guard !file.diagnostics.contains(where: { $0.severity == .error }) else { return }
        for definition in file.definitions {
            let again = Parser.parse(Printer.text(of: definition))
            precondition(again.definitions == [definition], "a definition does not survive printing and parsing")
        }
    }

    /// Any bytes, in pieces of any size, give the same records; the first byte chooses dialect and piece.
    package static func csv(_ input: [UInt8]) {
        guard let choice = input.first else { return }
        let dialect = CSVDialect.candidates[Int(choice) % CSVDialect.candidates.count]
        let bytes = Array(input.dropFirst())
        let whole = records(of: bytes, dialect, pieceBytes: max(bytes.count, 1))
        let pieces = records(of: bytes, dialect, pieceBytes: 1 + Int(choice >> 3))
        precondition(whole == pieces, "the size of the pieces changes the records")
    }

    private static func records(of bytes: [UInt8], _ dialect: CSVDialect, pieceBytes: Int) -> [[String]] {
        var reader = CSVReader(MemorySource(bytes), dialect: dialect, pieceBytes: pieceBytes)
        var records: [[String]] = []
        while let batch = try? reader.next() {
            for row in batch.rows {
                let values = row.problem == nil ? row.strings : []
                records.append([row.problem.map(\.rawValue) ?? "", String(row.line)] + values)
            }
        }
        return records
    }
}
