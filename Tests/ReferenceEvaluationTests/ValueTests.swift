import EventModel
import Testing

@Suite struct ValueTests {
    @Test(arguments: [
        ("x = 10", ["n", "s", "e"]), ("x != 10", ["t", "b", "w"]), ("x > 9", ["n", "s", "e"]),
        (#"x = "10""#, ["n", "s", "e"]), ("x = true", ["t", "w"]), ("x != true", ["n", "s", "e", "b"]),
        (#"x = "true""#, ["t", "w"]), ("x exists", ["n", "s", "e", "t", "w", "b", "l", "o"]),
        ("x in (10, true)", ["n", "s", "e", "t", "w"]), ("x not in (10, true)", ["b"]),
        ("not x = 10", ["t", "w", "b", "l", "o", "z"]), (#"x contains "1""#, ["s", "e", "l"]),
        ("x contains 10", []), (#"x > "1""#, ["s", "e", "t", "w", "b", "n"]),
    ])
    func `types mix only where a text spells a number or a boolean`(filter: String, expected: [String]) throws {
        let story = try Story(
            """
            n 2026-03-01 A {"x": 10}
            s 2026-03-01 A {"x": "10"}
            e 2026-03-01 A {"x": "1e1"}
            t 2026-03-01 A {"x": true}
            w 2026-03-01 A {"x": "true"}
            b 2026-03-01 A {"x": "blue"}
            l 2026-03-01 A {"x": ["1", "2"]}
            o 2026-03-01 A {"x": {"y": 10}}
            z 2026-03-01 A {"x": null}
            """)
        let found = try story.members("did \"A\" where \(filter)")
        switch filter {
        case #"x = "10""#: #expect(found == ["n", "s"], "two texts compare as texts")
        case #"x > "1""#: #expect(found == ["b", "e", "n", "s", "w"])
        default: #expect(found == expected.sorted())
        }
    }

    @Test func `a list contains an element that is equal to it`() throws {
        let story = try Story(
            """
            a 2026-03-01 A {"tags": ["Red", 17, true]}
            b 2026-03-01 A {"tags": ["17.0", ["Red"]]}
            """)
        #expect(try story.members(#"did "A" where tags contains "Red""#) == ["a"])
        #expect(try story.members(#"did "A" where tags contains "red" ignoring case"#) == ["a"])
        #expect(try story.members(#"did "A" where tags contains 17"#) == ["a", "b"])
        #expect(try story.members(#"did "A" where tags contains "17""#) == ["a"])
        #expect(try story.members(#"did "A" where tags contains true"#) == ["a"])
        #expect(try story.members(#"did "A" where tags starts with "R""#) == [])
        #expect(try story.members(#"did "A" where tags.a exists"#) == [])
    }

    @Test(arguments: [
        ("0.1 + 0.2", "0.3"), ("1 / 3", "0.3333333333333333333333333333333333"), ("1 / 0", "null"), ("10%", "0.1"),
        ("7 days / 2", "302400"), ("7 days - 1 weeks", "0"), ("2 * 3 hours", "21600"), ("1 days / 1 hours", "24"),
        ("2026-03-15 - 2026-03-14T12:00:00Z", "43200"), ("2026-03-15 + 1 days", #""2026-03-16T00:00:00.000Z""#),
        ("-3 + 1", "-2"), ("now - 1 seconds", #""2026-03-15T11:59:59.000Z""#),
        ("2 days ago", #""2026-03-13T12:00:00.000Z""#),
        ("2 days from now", #""2026-03-17T12:00:00.000Z""#), ("now - 1 seconds / 3", #""2026-03-15T11:59:59.666Z""#),
        (#"trait.n * 2"#, "20"), (#"trait.d + 1 days"#, #""2026-03-15T00:00:00.000Z""#), ("now - trait.d", "129600"),
        ("trait.d - trait.d", "null"), ("trait.d * 2", "null"), ("trait.none + 1", "null"), ("trait.t + 1", "null"),
        ("date(now)", #""2026-03-15T00:00:00.000Z""#), ("date(now) + 1 hours", #""2026-03-15T01:00:00.000Z""#),
        ("hour(trait.d)", "0"), ("weekday(trait.d)", "6"), ("year(trait.n)", "null"), ("trait.n", #""10""#),
        ("trait.l", "[1,[2]]"), ("-trait.n", "-10"), ("1 days + trait.d", #""2026-03-15T00:00:00.000Z""#),
    ])
    func `arithmetic keeps numbers, times and durations apart`(expression: String, expected: String) throws {
        let story = try Story(#"a 2026-03-01 identify {"n": "10", "d": "2026-03-14", "t": true, "l": [1, [2]]}"#)
        #expect(try story.value(expression) == expected)
    }

    @Test func `days compare by calendar, with times by the day of the workspace`() throws {
        let story = try Story(
            """
            a 2026-03-01 identify {"timezone": "Asia/Tokyo", "d": "2026-03-14", "t": "2026-03-13T23:30:00Z"}
            a 2026-03-13T23:30 A
            b 2026-03-13T22:30 A
            """, zone: "Europe/Berlin")
        #expect(try story.members(#"date(last("A")) = 2026-03-14"#) == ["a"])
        #expect(try story.members(#"date(last("A")) = trait.d"#) == ["a"])
        #expect(try story.members(#"date(last("A")) = trait.t"#) == ["a"])
        #expect(try story.members(#"date(last("A")) = date(trait.t)"#) == ["a"])
        #expect(try story.members(#"date(last("A")) < now"#) == ["a", "b"])
        #expect(try story.members(#"did "A" where local_date = 2026-03-14"#) == ["a"])
        #expect(try story.members(#"did "A" where date = 2026-03-13"#) == ["b"])
        #expect(try story.value(#"local_date(last("A"))"#) == #""2026-03-13T15:00:00.000Z""#)
        #expect(try story.value(#"date(last("A"))"#) == #""2026-03-13T23:00:00.000Z""#)
    }

    @Test func `a text in an ISO form counts as a time only beside a time`() throws {
        let story = try Story(
            """
            a 2026-03-01 A {"when": "2026-03-20"}
            b 2026-03-01 A {"when": "2026-03-10 10:00"}
            c 2026-03-01 A {"when": "next week"}
            d 2026-03-01 A {"when": 1773576000000}
            e 2026-03-01 A
            """)
        #expect(try story.members(#"did "A" where when > now"#) == ["a"])
        #expect(try story.members(#"did "A" where when between 7 days ago and 7 days from now"#) == ["a", "b"])
        #expect(try story.members(#"did "A" where when != 2026-03-20"#) == ["b", "c", "d"])
        #expect(try story.members(#"did "A" where not when > now"#) == ["b", "c", "d", "e"])
        #expect(try story.members(#"did "A" where when - time > 10 days"#) == ["a"])
        #expect(try story.members(#"did "A" where month(when) = march"#.replacing("march", with: "3")) == ["a", "b"])
        #expect(try story.members(#"did "A" where when = "2026-03-20""#) == ["a"])
        #expect(try story.members(#"did "A" where when = "2026-03-20T00:00:00Z""#) == [])
    }

    @Test func `weekdays and hours in the workspace zone follow its clock changes`() throws {
        let story = try Story(
            """
            a 2026-03-29T00:59:59.999 A
            b 2026-03-29T01:00 A
            c 2026-10-25T00:30 A
            d 2026-10-25T01:30 A
            """, now: "2026-12-01T00:00", zone: "Europe/Berlin")
        #expect(try story.members(#"did "A" where hour = 1"#) == ["a"])
        #expect(try story.members(#"did "A" where hour = 3"#) == ["b"])
        #expect(try story.members(#"did "A" where hour = 2"#) == ["c", "d"])
        #expect(try story.members(#"did "A" where weekday = sunday"#) == ["a", "b", "c", "d"])
    }
}
