import EventModel
import Testing

@Suite struct QuantitiesTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "−1,234,567"), (Int.min, "−9,223,372,036,854,775,808"),
    ])
    func `whole numbers are grouped`(number: Int, text: String) {
        #expect(grouped(number) == text)
    }

    @Test(arguments: [
        ("3399308.67", "3,399,308.67"), ("0.005", "0.01"), ("-0.004", "0.00"), ("999.995", "1,000.00"), ("17", "17.00"),
        ("-1234.5", "−1,234.50"), ("NaN", "NaN"), ("", ""), ("1e5", "1e5"),
    ])
    func `money has two places, halves away from zero`(text: String, shown: String) {
        #expect(groupedDecimal(text, places: 2) == shown)
    }

    @Test func `a decimal without places keeps its digits`() {
        #expect(groupedDecimal("1234567.125") == "1,234,567.125")
    }

    @Test(arguments: [(0.0, "0.0 %"), (0.1234, "12.3 %"), (1.0, "100.0 %"), (0.0001, "<0.1 %"), (Double.nan, "–")])
    func `shares are percent with one place`(share: Double, text: String) {
        #expect(percentage(share) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (3_400_000, "3.4 MB"), (123_456_789, "123 MB"),
        (999_960, "1.0 MB"),
    ])
    func `sizes choose their unit`(bytes: Int, text: String) {
        #expect(byteSize(bytes) == text)
    }

    @Test(
        arguments: [
            (0, "0 s"), (400, "0.4 s"), (12_000, "12 s"), (65_000, "1 min 5 s"), (3_600_000, "1 h"),
            (273_600_000, "3 d 4 h"),
        ] as [(Int64, String)])
    func `durations are told in two units`(milliseconds: Int64, text: String) {
        #expect(spokenDuration(milliseconds: milliseconds) == text)
    }

    @Test func `nouns follow their number`() {
        #expect(counted(1, "profile") == "1 profile")
        #expect(counted(2469, "profile") == "2,469 profiles")
        #expect(counted(2, "query", "queries") == "2 queries")
    }
}
