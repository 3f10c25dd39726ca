import EventModel
import Testing

@Suite struct ExactSumTests {
    private func number(_ text: some StringProtocol) -> Decimal128? { Decimal128(jsonNumber: Text(String(text))) }

    private func parsed(_ line: some StringProtocol) -> (terms: [Decimal128], sum: Decimal128?, average: Decimal128?) {
        let words = line.split(separator: " ")
        let terms = words.dropLast(4).compactMap { number($0) }
        return (terms, number(words[words.count - 3]), number(words[words.count - 1]))
    }

    @Test func `sums and averages are those of an independent decimal library in every order`() {
        var random = SeededRandom(seed: 5)
        for line in sumCases.split(separator: "\n") {
            var (terms, wanted, average) = parsed(line)
            for _ in 0..<4 {
                var sum = ExactSum()
                for term in terms { sum.add(term) }
                #expect(sum.value() == wanted, "\(line)")
                #expect(sum.average() == average, "\(line)")
                #expect(sum.count == terms.count)
                terms.shuffle(using: &random)
            }
        }
    }

    @Test func `a sum in parts is the sum`() {
        for line in sumCases.split(separator: "\n") {
            let (terms, wanted, average) = parsed(line)
            for cut in terms.indices {
                var (left, right) = (ExactSum(), ExactSum())
                for term in terms[..<cut] { left.add(term) }
                for term in terms[cut...] { right.add(term) }
                left.add(right)
                #expect(left.value() == wanted)
                #expect(left.average() == average)
            }
        }
    }

    @Test func `removing a term leaves the sum of the others`() throws {
        for line in sumCases.split(separator: "\n") {
            let terms = parsed(line).terms
            var all = ExactSum()
            var rest = ExactSum()
            for term in terms { all.add(term) }
            for term in terms.dropFirst() { rest.add(term) }
            all.remove(try #require(terms.first))
            #expect(all.value() == rest.value())
            #expect(all.count == rest.count)
            #expect(all.average() == rest.average())
        }
    }

    @Test func `nothing adds up to zero and has no average`() {
        #expect(ExactSum().value() == .zero)
        #expect(ExactSum().average() == nil)
    }

    @Test func `scaled terms are terms`() {
        var scaled = ExactSum()
        var plain = ExactSum()
        var random = SeededRandom(seed: 6)
        for _ in 0..<1_000 {
            let cents = Int64(bitPattern: random.next())
            let exponent = Int32(random.int(below: 8)) - 6
            scaled.addScaled(cents, exponent: exponent)
            plain.add(Decimal128(scaled: cents, exponent: exponent))
        }
        #expect(scaled.value() == plain.value())
        #expect(scaled.average() == plain.average())
    }

    @Test func `very long sums of very long numbers stay exact`() throws {
        let nines = try #require(Decimal128(jsonNumber: "9999999999999999999999999999999999"))
        var sum = ExactSum()
        for _ in 0..<20_000 { sum.add(nines) }
        for _ in 0..<19_999 { sum.remove(nines) }
        #expect(sum.value() == nines)
        #expect(sum.average() == nines)
    }

    @Test func `a sum outside the range is nothing until it comes back`() throws {
        let largest = try #require(Decimal128(jsonNumber: "9999999999999999999999999999999999e6111"))
        var sum = ExactSum()
        sum.add(largest)
        sum.add(largest)
        #expect(sum.value() == nil)
        #expect(sum.average() == largest)
        sum.add(largest.negated)
        #expect(sum.value() == largest)
    }
}
