import EventModel
import EventStore
import FuzzChecks
import Testing

/// The promises of the fuzzers, held against inputs that follow from seeds, so that every run of the tests makes them.
@Suite struct RandomBytesTests {
    private func mutants(of seeds: [[UInt8]], seed: UInt64, count: Int, _ body: ([UInt8]) -> Void) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<count {
            guard var bytes = random.element(of: seeds) else { return }
            Mutation.bytes(&bytes, &random)
            body(bytes)
        }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `changed JSON is a document or an error`(seed: UInt64) {
        mutants(of: Seeds.json, seed: seed, count: 3_000, ReaderChecks.json)
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `a changed definition is read or answered with diagnostics`(seed: UInt64) {
        mutants(of: Seeds.language, seed: seed, count: 1_000, ReaderChecks.language)
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `changed records are the same whatever pieces they come in`(seed: UInt64) {
        mutants(of: Seeds.csv, seed: seed, count: 3_000, ReaderChecks.csv)
    }

    @Test func `parts that nobody changed are sound and can be put together again byte by byte`() throws {
        #expect(Seeds.parts.count == 4)
        for bytes in Seeds.parts {
            let report = try PartInspection(bytes).verify()
            #expect(report.isSound, "\(report.problems)")
            #expect(report.messages > 0 && report.messages == PartInspection.salvageableMessages(bytes))
            #expect(ForgedPart(bytes)?.bytes() == bytes)
            ReaderChecks.part(bytes)
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `a part changed under checksums that hold is read, or refused, and never traps`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var opened = 0
        for _ in 0..<400 {
            guard let bytes = random.element(of: Seeds.parts), let mutant = Mutation.part(bytes, &random) else {
                continue
            }
            if (try? PartInspection(mutant)) != nil { opened += 1 }
            ReaderChecks.part(mutant)
        }
        // Else only the index would be tried.
        #expect(opened > 100)
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `a part whose bytes were changed is refused or its problems are named`(seed: UInt64) {
        mutants(of: Seeds.parts, seed: seed, count: 300) { bytes in
            ReaderChecks.part(bytes)
            let isSound = (try? PartInspection(bytes))?.verify().isSound ?? false
            #expect(!isSound || Seeds.parts.contains(bytes))
        }
    }
}
