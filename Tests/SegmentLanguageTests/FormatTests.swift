import EventModel
import SegmentLanguage
import TestSupport
import Testing

@Suite struct `Formatting keeps what somebody wrote` {
    func format(_ text: String) throws -> String {
        try #require(Printer.text(of: Parser.parse(text)))
    }

    @Test func `comments and empty lines between definitions stay`() throws {
        let text = """
            # The head of the file.


            # About a.
            segment a: did "A"   # beside a
            segment b "B": # beside the head

              # above the body
              did "B" at least 1 times # beside B
              # above C
              and did "C"    # beside C
              # under C


            # the end
            """
        let formatted = """
            # The head of the file.

            # About a.
            segment a: did "A"  # beside a
            segment b "B":  # beside the head
              # above the body
              did "B" at least 1 time  # beside B
              # above C
              and did "C"  # beside C
            # under C

            # the end

            """
        #expect(try format(text) == formatted)
        #expect(try format(formatted) == formatted)
    }

    @Test func `comments inside a condition stay near it`() throws {
        let text = """
            segment a: did "A" # one
              where (x = 1 # two
                or y = 2) # three
                in last 7 days
              and (did "B" # four
                or did "C" # five
              )
            metric m: # six
              1 # seven
              + 2
            """
        let formatted = try format(text)
        for word in ["one", "two", "three", "four", "five", "six", "seven"] {
            #expect(formatted.contains("# \(word)\n"), "\(formatted)")
        }
        #expect(Parser.parse(formatted).definitions == Parser.parse(text).definitions)
        #expect(try format(formatted) == formatted)
    }

    @Test func `long lines break at and, or, clauses and commas`() throws {
        let text = """
            segment long: did "Order Completed" at least 3 times where (products.category in ("shoes", "hats") and \
            revenue > 100 or coupon not exists) in last 365 days and not for some category: did "Product Viewed" \
            and sequence("Product Viewed" where category = "shoes" then "Product Added" then not "Order Completed", \
            within 3 days, same product_id)
            metric share: sum(products.price * products.quantity of "Order Completed" where coupon exists) / \
            count("Order Completed" in last 365 days)
            """
        let formatted = """
            segment long:
              did "Order Completed"
                  at least 3 times
                  where (products.category in ("shoes", "hats") and revenue > 100 or coupon not exists)
                  in last 365 days
              and not for some category: did "Product Viewed"
                                         and sequence("Product Viewed" where category = "shoes"
                                                      then "Product Added"
                                                      then not "Order Completed",
                                                      within 3 days,
                                                      same product_id)
            metric share:
              sum(products.price * products.quantity of "Order Completed" where coupon exists)
              / count("Order Completed" in last 365 days)

            """
        #expect(try format(text) == formatted)
    }

    @Test func `what cannot be read is never lost by formatting`() {
        #expect(Printer.text(of: Parser.parse("segment a: did \"A\"\nsegment b: did")) == nil)
        #expect(Printer.text(of: Parser.parse("segment a: did \"A\" §")) == nil)
    }

    @Test(arguments: UInt64(1)...40) func `formatting twice changes nothing more`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let definitions = RandomDefinitions.make(random: &random, size: 6, depth: 4)
        let text = commented(Printer.text(of: definitions), &random)
        let once = try format(text)
        #expect(Parser.parse(once).definitions == definitions, "\(text)")
        #expect(try format(once) == once)
        #expect(comments(once) == comments(text))
    }

    /// Comments at some line ends and on some lines of their own.
    private func commented(_ text: String, _ random: inout SeededRandom) -> String {
        var number = 0
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            number += 1
            switch random.int(below: 5) {
            case 0: return "\(line) # \(number)"
            case 1: return "    # \(number)\n\(line)"
            default: return String(line)
            }
        }.joined(separator: "\n")
    }

    private func comments(_ text: String) -> Set<String> {
        Set(Parser.parse(text).comments.map(\.text))
    }

    @Test(arguments: UInt64(1)...20) func `lines are no longer than a hundred columns where they can break`(
        _ seed: UInt64
    ) {
        var random = SeededRandom(seed: seed)
        for definition in RandomDefinitions.make(random: &random, size: 8, depth: 3) {
            let widest = Printer.text(of: definition).split(separator: "\n").map(\.unicodeScalars.count).max() ?? 0
            #expect(widest <= 130)
        }
    }
}
