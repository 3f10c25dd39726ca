import Connectors

/// Any bytes, in pieces of any size, give the same records; the first byte of the input chooses dialect and piece.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let dialect = CSVDialect.candidates[Int(data[0]) % CSVDialect.candidates.count]
    let bytes = Array(UnsafeBufferPointer(start: data, count: count).dropFirst())
    let whole = records(of: bytes, dialect, pieceBytes: 1 << 20)
    let pieces = records(of: bytes, dialect, pieceBytes: 1 + Int(data[0] >> 3))
    precondition(whole == pieces, "the size of the pieces changes the records")
    return 0
}

private func records(of bytes: [UInt8], _ dialect: CSVDialect, pieceBytes: Int) -> [[String]] {
    var reader = CSVReader(MemorySource(bytes), dialect: dialect, pieceBytes: pieceBytes)
    var records: [[String]] = []
    while let batch = try? reader.next() {
        for row in batch.rows {
            records.append([row.problem.map(\.rawValue) ?? "", String(row.line)] + (row.problem == nil ? row.strings : []))
        }
    }
    return records
}
