import EventModel
import Testing

@Suite struct Decimal128Tests {
    /// `12`, `-5e15`, `nil`: the texts of the tables.
    private func number(_ text: some StringProtocol) -> Decimal128? { Decimal128(jsonNumber: Text(String(text))) }

    @Test func `arithmetic gives the digits of an independent decimal library`() throws {
        for line in arithmeticCases.split(separator: "\n") {
            let words = line.split(separator: " ")
            let (left, right) = (try #require(number(words[0])), try #require(number(words[2])))
            let result =
                switch words[1] {
                case "+": left.adding(right)
                case "*": left.multiplied(by: right)
                default: left.divided(by: right)
                }
            #expect(result == number(words[4]), "\(line)")
            if words[1] == "+" {
                #expect(right.adding(left) == result, "\(line)")
                #expect(left.subtracting(right.negated) == result, "\(line)")
                #expect(left.negated.adding(right.negated) == result?.negated, "\(line)")
            }
            if words[1] == "*" { #expect(right.multiplied(by: left) == result, "\(line)") }
        }
    }

    @Test func `order follows the sign of the difference`() {
        let numbers = arithmeticCases.split(separator: "\n").flatMap { line in
            [0, 2, 4].compactMap { number(line.split(separator: " ")[$0]) }
        }
        var random = SeededRandom(seed: 1)
        for _ in 0..<10_000 {
            let left = numbers[random.int(below: numbers.count)]
            let right = numbers[random.int(below: numbers.count)]
            let difference = left.subtracting(right)
            // Two numbers so close to zero that their difference is out of range.
            if left != right && difference == nil { continue }
            let agrees =
                (left < right) == (difference?.isNegative ?? false)
                && (left == right) == (difference?.isZero ?? false) && !(left < right && right < left)
            if !agrees { Issue.record("\(left) and \(right)") }
        }
    }

    @Test(arguments: [
        ("17", "17"), ("17.0", "17"), ("-0", "0"), ("-0.0e5", "0"), ("0.50", "0.5"), ("1e3", "1000"), ("1E+3", "1000"),
        ("1200e-4", "0.12"), ("-12.5e1", "-125"), ("0e99999999999999999999", "0"), ("1e0", "1"), ("10e-1", "1"),
        ("0.000000000000000000000000000000000000000000001", "0.000000000000000000000000000000000000000000001"),
        ("1234567890123456789012345678901234", "1234567890123456789012345678901234"),
        ("1234567890123456789012345678901234000", "1234567890123456789012345678901234000"),
        ("1000000000000000000000000000000000000000000", "1000000000000000000000000000000000000000000"),
        ("0.1e-0000000000000000000000000000000000000000001", "0.01"), ("18446744073709551616", "18446744073709551616"),
        ("1.0000000000000000000000000000000000000000000000000", "1"), ("9007199254740993", "9007199254740993"),
    ])
    func `a number reads and prints in its shortest plain form`(text: String, plain: String) throws {
        let value = try #require(Decimal128(jsonNumber: text.utf8))
        #expect(value.description == plain)
        #expect(Decimal128(jsonNumber: Text(value.description)) == value)
    }

    @Test(arguments: [
        "", "-", "+1", ".5", "1.", "01", "-01", "00", "1e", "1e+", "1.e3", "0x10", "1_000", "1,5", " 1", "1 ", "NaN",
        "Infinity", "-Infinity", "1e5.5", "１", "1\u{0}", "--1", "1-1", "1e--1",
    ])
    func `a text that is not exactly one JSON number is none`(text: String) {
        #expect(Decimal128.parse(jsonNumber: text.utf8) == .notANumber)
    }

    @Test func `digits and exponents past the limits are told apart`() {
        #expect(Decimal128.parse(jsonNumber: "12345678901234567890123456789012345".utf8) == .tooManyDigits)
        #expect(Decimal128.parse(jsonNumber: "1.0000000000000000000000000000000001".utf8) == .tooManyDigits)
        #expect(Decimal128.parse(jsonNumber: "100000000000000000000000000000000010".utf8) == .tooManyDigits)
        #expect(Decimal128.parse(jsonNumber: "9.999999999999999999999999999999999e6144".utf8) != .outOfRange)
        #expect(Decimal128.parse(jsonNumber: "1e6145".utf8) == .outOfRange)
        #expect(Decimal128.parse(jsonNumber: "1e-6143".utf8) != .outOfRange)
        #expect(Decimal128.parse(jsonNumber: "1.1e-6143".utf8) != .outOfRange)
        #expect(Decimal128.parse(jsonNumber: "9.9e-6144".utf8) == .outOfRange)
        #expect(Decimal128.parse(jsonNumber: "1e99999999999999999999999".utf8) == .outOfRange)
        #expect(Decimal128.parse(jsonNumber: "1e-99999999999999999999999".utf8) == .outOfRange)
    }

    @Test func `tenths add up exactly`() throws {
        let tenth = try #require(Decimal128(jsonNumber: "0.1"))
        let sum = try #require(tenth.adding(tenth.adding(tenth) ?? .zero))
        #expect(sum == Decimal128(jsonNumber: "0.3"))
        #expect(sum.description == "0.3")
    }

    @Test func `a result outside the range is nothing`() throws {
        let largest = try #require(Decimal128(jsonNumber: "9999999999999999999999999999999999e6111"))
        let smallest = try #require(Decimal128(jsonNumber: "1e-6143"))
        #expect(largest.adding(largest) == nil)
        #expect(largest.multiplied(by: 10) == nil)
        #expect(smallest.divided(by: 10) == nil)
        #expect(smallest.multiplied(by: smallest) == nil)
        #expect(largest.divided(by: smallest) == nil)
        #expect(Decimal128.one.divided(by: 0) == nil)
        #expect(largest.adding(largest.negated) == .zero)
        #expect(largest.adding(smallest) == largest)
        #expect(largest.subtracting(smallest) == largest)
    }

    @Test(arguments: [Int.min, Int.min + 1, -10, -1, 0, 1, 9, 10, 1_000_000, Int.max - 1, Int.max])
    func `every Int goes in and comes out`(value: Int) {
        #expect(Decimal128(value).asInt() == value)
        #expect(Decimal128(value).floorToInt() == value)
        #expect(Decimal128(value).description == String(value))
        #expect(Decimal128(value).isNegative == (value < 0))
    }

    @Test func `whole numbers are found only where they are exact`() throws {
        let cases: [(String, Int?, Int?)] = [
            ("2.5", nil, 2), ("-2.5", nil, -3), ("-0.1", nil, -1), ("0.999", nil, 0),
            ("1e18", 1_000_000_000_000_000_000, 1_000_000_000_000_000_000),
            ("1e19", nil, nil), ("9223372036854775807.5", nil, .max), ("-9223372036854775808.5", nil, nil),
            ("-9223372036854775807.5", nil, .min), ("9223372036854775808", nil, nil), ("1e-6143", nil, 0),
            ("-1e-6143", nil, -1),
        ]
        for (text, exact, floor) in cases {
            let value = try #require(Decimal128(jsonNumber: Text(text)))
            #expect(value.asInt() == exact, "\(text)")
            #expect(value.floorToInt() == floor, "\(text)")
        }
    }

    @Test func `scaled numbers are exact or absent`() throws {
        let price = try #require(Decimal128(jsonNumber: "12.5"))
        #expect(price.scaled(exponent: -2) == 1250)
        #expect(price.scaled(exponent: -1) == 125)
        #expect(price.scaled(exponent: 0) == nil)
        #expect(price.scaled(exponent: -40) == nil)
        #expect(Decimal128(Int.min).scaled(exponent: 0) == .min)
        #expect(Decimal128(Int.min).scaled(exponent: -1) == nil)
        #expect(Decimal128.zero.scaled(exponent: 50) == 0)
        #expect(Decimal128(scaled: 1250, exponent: -2) == price)
        #expect(Decimal128(scaled: .min, exponent: -3).description == "-9223372036854775.808")
        var random = SeededRandom(seed: 2)
        for _ in 0..<2_000 {
            let scaled = Int64(bitPattern: random.next()) >> random.int(below: 64)
            let exponent = Int32(random.int(below: 12_268) - 6143)
            let back = Decimal128(scaled: scaled, exponent: exponent).scaled(exponent: exponent)
            if back != scaled { Issue.record("\(scaled)e\(exponent)") }
        }
    }

    @Test func `doubles come in by their shortest text and go out nearest`() throws {
        #expect(Decimal128(0.1)?.description == "0.1")
        #expect(Decimal128(-1e21)?.description == "-1000000000000000000000")
        #expect(Decimal128(Double.leastNonzeroMagnitude)?.approximate == .leastNonzeroMagnitude)
        #expect(Decimal128(Double.greatestFiniteMagnitude)?.approximate == .greatestFiniteMagnitude)
        #expect(Decimal128(Double.nan) == nil)
        #expect(Decimal128(Double.infinity) == nil)
        var random = SeededRandom(seed: 3)
        for _ in 0..<5_000 {
            let double = Double(bitPattern: random.next())
            if double.isFinite, Decimal128(double)?.approximate != double { Issue.record("\(double)") }
        }
        #expect(try #require(Decimal128(jsonNumber: "1e6000")).approximate == .infinity)
    }

    @Test func `equal values have one form whatever the digits they came from`() throws {
        var random = SeededRandom(seed: 4)
        for _ in 0..<2_000 {
            let coefficient = UInt128(random.next() >> UInt64(random.int(below: 60)))
            let zeros = random.int(below: 15)
            let exponent = random.int(below: 200) - 100
            let plain = try #require(Decimal128(coefficient: coefficient, exponent: exponent))
            let padded = try #require(
                Decimal128(coefficient: coefficient * power(zeros), exponent: exponent - zeros))
            let isSame =
                plain == padded && plain.hashValue == padded.hashValue && !(plain < padded) && !(padded < plain)
            if !isSame { Issue.record("\(coefficient)e\(exponent)") }
        }
        #expect(Decimal128(coefficient: power(37), exponent: 0)?.description.count == 38)
        #expect(Decimal128(coefficient: power(37) + 1, exponent: 0) == nil)
        #expect(Decimal128(coefficient: 1, exponent: .max) == nil)
        #expect(Decimal128(coefficient: 0, exponent: .max) == .zero)
    }

    private func power(_ exponent: Int) -> UInt128 {
        (0..<exponent).reduce(UInt128(1)) { power, _ in power * 10 }
    }
}
