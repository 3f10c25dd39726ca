import Testing

@testable import Columns

@Suite struct NumeralTableTests {
    private func table(_ strings: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        ByteTable.append(strings.map { Array($0.utf8) }, to: &bytes)
        return bytes
    }

    private func sorted(_ strings: Set<String>) -> [String] {
        strings.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    @Test(arguments: ["", "p", "SKU-00"], [1, 3, 9, 15])
    func `strings that begin alike and go on with digits come back as they were`(start: String, digits: Int) throws {
        var random = Generator(seed: UInt64(digits))
        let strings = sorted(
            Set(
                (0..<700).map { _ in
                    let count = random.next(below: digits + 1)
                    return start + (0..<count).map { _ in "\(random.next(below: 10))" }.joined()
                }
            ).union((0..<64).map { start + String(repeating: "0", count: digits - 1) + "\($0 % 10)" })
                .union((0..<100).map { start + String("\($0)".prefix(digits)) }))
        let bytes = table(strings)
        let coded = bytes.withUnsafeBytes { NumeralTable.encode($0) }
        guard strings.count >= 64 else {
            #expect(coded == nil)
            return
        }
        let numerals = try #require(coded)
        #expect(numerals.withUnsafeBytes { NumeralTable.decode($0, size: bytes.count) } == bytes)
        #expect(numerals.withUnsafeBytes { NumeralTable.decode($0, size: bytes.count + 1) } == nil)
    }

    @Test func `ids of five digits take about a byte`() throws {
        let bytes = table(sorted(Set((0..<20_000).filter { $0 % 3 != 1 }.map { "\($0)" })))
        let numerals = try #require(bytes.withUnsafeBytes { NumeralTable.encode($0) })
        #expect(numerals.count < 20_000)
    }

    @Test func `other tables are left as they are`() {
        let numbers = (100..<200).map { "\($0)" }
        let tables: [[String]] = [
            ["a"], numbers.map { $0 + "x" }, Array(numbers.reversed()), numbers + ["19999999999999999999"],
            numbers + ["2-1"], Array(numbers[..<63]),
        ]
        for strings in tables { #expect(table(strings).withUnsafeBytes { NumeralTable.encode($0) } == nil) }
    }

    @Test func `damaged bytes give a table of the right size or none`() throws {
        var random = Generator(seed: 5)
        let bytes = table(sorted(Set((0..<900).map { "p\($0 * 7)" })))
        let numerals = try #require(bytes.withUnsafeBytes { NumeralTable.encode($0) })
        for _ in 0..<3_000 {
            var damaged = numerals
            for _ in 0...random.next(below: 2) {
                damaged[random.next(below: 8) == 0 ? random.next(below: 14) : random.next(below: damaged.count)] =
                    UInt8(random.next(below: 256))
            }
            if random.next(below: 5) == 0 { damaged.removeLast(random.next(below: damaged.count)) }
            let back = damaged.withUnsafeBytes { NumeralTable.decode($0, size: bytes.count) }
            #expect(back == nil || back?.count == bytes.count)
        }
    }
}

private struct Generator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
}
