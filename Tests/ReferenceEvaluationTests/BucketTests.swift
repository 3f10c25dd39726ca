import EventModel
import Testing

@Suite struct BucketTests {
    // sha256sum of "salt\0a" begins with the hexadecimal digits below.
    @Test func `a bucket is the first 48 bits of the hash of salt, zero byte and id`() throws {
        let story = try Story("a 2026-03-01 A")
        #expect(try story.members(#"bucket("salt") < 100%"#) == ["a"])
        #expect(try story.members(#"bucket("salt") < 0%"#) == [])
        let bits = Decimal128(0xA344_C1B6_D826)
        let expected = try #require(bits.divided(by: Decimal128(1 << 48)))
        #expect(try story.value(#"bucket("salt")"#) == expected.description)
    }
}
