import Columns
import Testing

@Suite struct SectionedValuesTests {
    /// A column made at random, and what it should read as.
    struct Sample {
        var starts: [[UInt32]] = []
        var values: [Int64?] = []
        var areCodes: Bool
        var bytes: [UInt8] = []

        init(seed: UInt64) {
            var random = SplitMix(seed)
            areCodes = seed % 2 == 0
            for _ in 0..<Int(random.next() % 6) {
                let first = UInt32(values.count)
                var starts = [first]
                let presence = random.next() % 5
                let isConstant = random.next() % 3 == 0
                for _ in 0..<(1 + random.next() % 40) {
                    let constant = Self.value(&random, areCodes)
                    for _ in 0..<(1 + random.next() % 9) {
                        let isThere = presence == 0 || presence > 1 && random.next() % (presence * presence) == 0
                        values.append(isThere ? isConstant ? constant : Self.value(&random, areCodes) : nil)
                    }
                    starts.append(UInt32(values.count))
                }
                self.starts.append(starts)
            }
            let present = values.indices.filter { values[$0] != nil }
            SectionedValues.append(
                present.compactMap { values[$0] }, at: present.map { UInt32($0) }, sections: starts,
                areCodes: areCodes, to: &bytes)
        }

        static func value(_ random: inout SplitMix, _ isCode: Bool) -> Int64 {
            isCode ? Int64(random.next() % 50) : Int64(bitPattern: random.next()) / 100 * 100
        }

        var shapes: [SectionedValues.Shape] {
            starts.map { SectionedValues.Shape(rows: Int($0[$0.count - 1] - $0[0]), runs: $0.count - 1) }
        }
    }

    @Test(arguments: 0..<120) func `every range of every section reads as it was written`(seed: UInt64) throws {
        let sample = Sample(seed: seed)
        try sample.bytes.withUnsafeBytes { raw in
            let read = try SectionedValues(raw, shapes: sample.shapes)
            for (number, starts) in sample.starts.enumerated() {
                let rows = Int(starts[0])..<Int(starts[starts.count - 1])
                let expected = Array(sample.values[rows])
                guard let section = read.section(number) else {
                    #expect(expected.allSatisfy { $0 == nil })
                    continue
                }
                #expect(section.hasAll == expected.allSatisfy { $0 != nil })
                for lower in stride(from: 0, through: rows.count, by: 13) {
                    for upper in stride(from: lower, through: rows.count, by: 17) {
                        let some = Array(expected[lower..<upper])
                        #expect(try numbers(section, lower..<upper, starts) == some.map { $0 ?? 0 })
                        var listed = [Int64?](repeating: nil, count: some.count)
                        try section.forEachNumber(lower..<upper, runs: starts) { listed[$1] = $0 }
                        #expect(listed == some)
                        guard sample.areCodes else { continue }
                        #expect(
                            try codes(section, lower..<upper, starts, 50) == some.map { $0.map { Int($0) + 1 } ?? 0 })
                    }
                }
            }
        }
    }

    private func numbers(_ section: SectionedValues.Section, _ range: Range<Int>, _ starts: [UInt32]) throws -> [Int64]
    {
        var values = [Int64](repeating: -7, count: range.count + 1)
        try values.withUnsafeMutableBufferPointer {
            guard let start = $0.baseAddress else { return }
            try section.numbers(range, runs: starts, to: start)
        }
        #expect(values.last == -7)
        return values.dropLast()
    }

    private func codes(
        _ section: SectionedValues.Section, _ range: Range<Int>, _ starts: [UInt32], _ limit: Int
    ) throws -> [Int] {
        var values = [UInt32](repeating: 99, count: range.count + 1)
        try values.withUnsafeMutableBufferPointer {
            guard let start = $0.baseAddress else { return }
            try section.codes(range, runs: starts, below: limit, to: start)
        }
        #expect(values.last == 99)
        return values.dropLast().map { Int($0) }
    }

    @Test func `a value that all rows of a run share is stored once`() throws {
        let starts: [[UInt32]] = [(0...1_000).map { $0 * 20 }]
        let values = (0..<20_000).map { Int64($0 / 20 % 16) }
        var bytes: [UInt8] = []
        SectionedValues.append(values, at: nil, sections: starts, areCodes: true, to: &bytes)
        #expect(bytes.count < 600)
        try bytes.withUnsafeBytes { raw in
            let read = try SectionedValues(raw, shapes: [SectionedValues.Shape(rows: 20_000, runs: 1_000)])
            let section = try #require(read.section(0))
            #expect(try numbers(section, 0..<20_000, starts[0]) == values)
            #expect(try numbers(section, 19..<41, starts[0]) == Array(values[19..<41]))
        }
    }

    @Test func `codes at the limit are refused`() throws {
        var bytes: [UInt8] = []
        SectionedValues.append([0, 4, 2], at: nil, sections: [[0, 1, 2, 3]], areCodes: true, to: &bytes)
        try bytes.withUnsafeBytes { raw in
            let section = try #require(
                try SectionedValues(raw, shapes: [SectionedValues.Shape(rows: 3, runs: 3)]).section(0))
            #expect(try codes(section, 0..<3, [0, 1, 2, 3], 5) == [1, 5, 3])
            #expect(throws: ColumnError.inconsistent(.codeOutOfRange)) { try codes(section, 0..<3, [0, 1, 2, 3], 4) }
        }
    }

    @Test(arguments: 0..<12) func `every truncation is an error`(seed: UInt64) {
        let sample = Sample(seed: seed)
        for count in 0..<sample.bytes.count {
            #expect(throws: ColumnError.self) {
                try Array(sample.bytes[..<count]).withUnsafeBytes { try SectionedValues($0, shapes: sample.shapes) }
            }
        }
    }

    @Test(arguments: 0..<300) func `damaged bytes are values or an error`(seed: UInt64) {
        var sample = Sample(seed: seed)
        var random = SplitMix(seed + 1_000)
        for _ in 0..<2 {
            sample.bytes[Int(random.next() % UInt64(sample.bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        sample.bytes.withUnsafeBytes { raw in
            guard let read = try? SectionedValues(raw, shapes: sample.shapes) else { return }
            for section in read.sections {
                let starts = sample.starts[section.section]
                _ = try? numbers(section, 0..<section.rows, starts)
                _ = try? codes(section, 0..<section.rows, starts, 50)
                try? section.forEachNumber(section.rows / 2..<section.rows, runs: starts) { _, _ in }
            }
        }
    }
}
