import CZlib
import EventModel
import Synchronization
import Testing

@testable import Connectors

/// Compresses with zlib, as gzip.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1024)
    let count = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            deflate(&stream, Z_FINISH)
            return target.count - Int(stream.avail_out)
        }
    }
    return Array(output[..<count])
}

@Suite struct ImporterTests {
    private static func log(_ rows: Int, from first: Int = 0) -> String {
        "user_id,event,timestamp\n"
            + (first..<(first + rows)).map {
                "u\($0 % 7),login,2025-01-01 00:00:\($0 % 60 < 10 ? "0" : "")\($0 % 60)\n"
            }.joined()
    }

    @Test func `gzip is recognised by its first bytes, in several members too`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let bytes = gzip(Array(Self.log(3).utf8)) + gzip(Array("u9,login,2025-01-01 00:00:00\n".utf8)) + [0, 0, 0]
        let summary = try await runImport(scratch.write(bytes, as: "log.bin"), into: sink)
        #expect(summary.taken == 4)
    }

    @Test func `gzip that breaks off ends in an error that says so, with the whole rows before it taken`() async throws
    {
        let scratch = Scratch()
        let sink = MemorySink()
        var random = SplitMix(seed: 5)
        var text = "user_id,event,timestamp\n"
        for _ in 0..<5_000 { text += "u\(random.next()),login,2025-01-01 00:00:00\n" }
        let bytes = gzip(Array(text.utf8))
        let summary = try await runImport(scratch.write(Array(bytes.prefix(bytes.count / 2)), as: "cut.gz"), into: sink)
        guard case .failed(let error) = summary.outcome else {
            Issue.record("the import did not fail")
            return
        }
        #expect(error.code == "damaged-gzip" && error.description.contains("cut short"))
        #expect(summary.taken > 1_000 && summary.taken < 5_000 && summary.rejectedRows == 0)
        let rest = try await runImport(scratch.write(gzip(Array(text.utf8)), as: "whole.gz"), into: sink)
        #expect(rest.taken + summary.taken == 5_000)
    }

    @Test func `an interrupted import goes on where it was when it is run again`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        var text = "user_id,event,timestamp,note\n"
        for row in 0..<20_000 { text += "u\(row),login,2025-01-01 00:00:00,\(String(repeating: "x", count: 40))\n" }
        let path = scratch.write(text)
        let asked = Mutex(0)
        let first = try await runImport(path, into: sink) { options in
            options.isCancelled = {
                asked.withLock {
                    $0 += 1
                    return $0 > 2
                }
            }
        }
        guard case .interrupted = first.outcome else {
            Issue.record("the import was not interrupted")
            return
        }
        #expect(first.taken > 0 && first.taken < 20_000)
        let second = try await runImport(path, into: sink)
        #expect(second.duplicates == first.taken && sink.messages.count == 20_000)
    }

    @Test func `a sink that fails ends the import, and running again loses and doubles nothing`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        sink.batchesUntilFailure = 2
        let path = scratch.write(Self.log(7_000))
        await #expect(throws: MemorySink.Failure.self) { try await runImport(path, into: sink) }
        sink.batchesUntilFailure = .max
        try await runImport(path, into: sink)
        #expect(sink.messages.count == 7_000)
    }

    @Test func `progress goes from nothing to all bytes`() async throws {
        let scratch = Scratch()
        let seen = Mutex<[ImportProgress]>([])
        let path = scratch.write(Self.log(20_000))
        try await runImport(path, into: MemorySink()) { options in
            options.progress = { progress in seen.withLock { $0.append(progress) } }
        }
        let steps = seen.withLock { $0 }
        #expect(steps.count > 2)
        #expect(steps.last?.bytesDone == steps.last?.bytesTotal && steps.last?.rows == 20_000)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.bytesDone <= $1.bytesDone && $0.rows <= $1.rows })
    }

    @Test(
        arguments: [
            ([], "empty-file"), (Array("\n \n".utf8), "empty-file"),
            ([0xFF, 0xFE, 0x61, 0, 0x2C, 0], "not-a-text-file"), (Array("PK\u{3}\u{4}xlsx".utf8), "not-a-text-file"),
            (Array("a,b\n1,2\n".utf8), "unknown-header"), (Array("[1,2]".utf8), "bad-header"),
            (Array("user_id,event,timestamp\nu,login,soon\nu,login,later\n".utf8), "nothing-readable"),
            ([0x1F, 0x8B, 0x08, 0], "damaged-gzip"),
        ] as [([UInt8], String)]) func `a file that can't be what it should be is an error before anything is stored`(
            bytes: [UInt8], code: String
        ) async throws
    {
        let scratch = Scratch()
        let sink = MemorySink()
        let path = scratch.write(bytes, as: "file")
        let error = await #expect(throws: ImportError.self) { try await runImport(path, into: sink) }
        #expect(error?.code == code && error?.exitCode == 65)
        #expect(error?.description.contains("[\(code)]") == true)
        #expect(sink.messages.isEmpty && sink.finishes == 0)
    }

    @Test func `a file that is not there is exit code 66`() {
        let error = #expect(throws: ImportError.self) { try planImport("/nowhere/orders.csv") }
        #expect(error?.exitCode == 66 && error?.code == "no-such-file")
        #expect(#expect(throws: ImportError.self) { try planImport("/tmp") }?.code == "not-a-file")
    }

    @Test func `an unknown header is answered with what is missing and the command to try`() throws {
        let scratch = Scratch()
        let path = scratch.write("Kundennummer;Datum;Betrag\n17;31.12.2025;1.234,50\n")
        let error = try #require(throws: ImportError.self) { try planImport(path) }
        let words = error.description
        #expect(words.contains("columns: Kundennummer, Datum, Betrag"))
        #expect(words.contains("--map customer=Kundennummer --map time=Datum --map amount=Betrag"))
        let plan = try planImport(path) { $0.mappings = ["customer=Kundennummer", "time=Datum", "amount=Betrag"] }
        #expect(plan.format.title == OrderLists.title && plan.context.numbers.mark == .comma)
    }

    @Test func `a mapping that makes no sense is a usage error`() {
        let scratch = Scratch()
        let path = scratch.write("customer_id,date,amount\n1,2025-01-01,2\n")
        for (mapping, code) in [
            ("custommer=customer_id", "bad-mapping"), ("customer=Customer Nr", "unknown-column"),
            ("customer", "bad-mapping"),
            ("date_format=date", "bad-mapping"), ("date_format=@never", "bad-mapping"),
        ] {
            let error = #expect(throws: ImportError.self) { try planImport(path) { $0.mappings = [mapping] } }
            #expect(error?.code == code && error?.exitCode == 64, "\(mapping)")
        }
    }

    @Test func `a dry run shows what the file was taken for and stores nothing`() throws {
        let scratch = Scratch()
        let path = scratch.write("customer_id,date,amount,Shop Name\n1,2025-01-01,2.50,North\n2,never,1,South\n")
        let preview = try ImportPreview(try planImport(path))
        for words in [
            "order list (one row per order), recognised by the columns customer_id, date, amount", "separated by comma",
            "taken as UTC", "Shop Name (as shop_name)", "\"event\":\"Order Completed\"",
            "line 3: date is no time: never [bad-time]",
            "nothing was stored",
        ] { #expect(preview.text.contains(words), "\(words)") }
        #expect(preview.json.object?["kind" as Text] == "orders")
    }

    @Test func `the delimiter is the one that makes known columns`() throws {
        let scratch = Scratch()
        #expect(try planImport(scratch.write("customer_id;date;amount\n1;2025-01-01;2,50\n")).dialect == .semicolon)
        #expect(try planImport(scratch.write("customer_id\tdate\tamount\n1\t2025-01-01\t2.50\n")).dialect == .tab)
        #expect(
            try planImport(
                scratch.write("\"customer_id\",\"date; of order\",\"date\",\"amount\"\n1,,2025-01-01,2.50\n")
            ).dialect == .comma)
    }

    @Test func `an id that stands for nobody is no customer`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let summary = try await runImport(
            scratch.write("customer_id,date,amount\nguest,2025-01-01,2.50\n7,2025-01-01,2.50\n"), into: sink)
        #expect(summary.rejected == ["placeholder-id": 1] && sink.messages.count == 1)
    }
}
