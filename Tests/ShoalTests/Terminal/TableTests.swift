import Testing

@testable import shoal

@Suite struct TableTests {
    @Test func `columns line up and numbers stand at the right`() {
        var table = Table([.text("name"), .number("size"), .text("title")])
        table.append(["loyal_customers", "1,204", "Loyal customers"])
        table.append(["visitors", "17", "Visitors"])
        #expect(
            table.text() == """
                name              size  title
                loyal_customers  1,204  Loyal customers
                visitors            17  Visitors

                """)
    }

    @Test func `wide and combining characters take the cells they show`() {
        var table = Table([.text("name"), .number("n")])
        table.append(["鈴木一郎", "1"])
        table.append(["Ame\u{301}lie", "22"])
        table.append(["👩‍👩‍👧", "3"])
        #expect(
            table.text() == """
                name       n
                鈴木一郎   1
                Ame\u{301}lie    22
                👩‍👩‍👧         3

                """)
    }

    @Test func `a line never ends in blanks`() {
        var table = Table([.text("a"), .text("b"), .number("c")])
        table.append(["x", "", ""])
        table.append(["xx", "y"])
        let lines = table.text().split(separator: "\n")
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
        #expect(lines.last == "xx  y")
    }

    @Test func `a flexible column gives way on a narrow terminal`() {
        var table = Table([.text("name"), .text("title", flexible: true), .number("size")])
        table.append(["couponers", "Buys only with coupon or on sale", "12"])
        let lines = table.text(width: 40).split(separator: "\n").map(String.init)
        #expect(lines[1] == "couponers  Buys only with coupon …    12")
        #expect(lines.allSatisfy { displayWidth(of: $0) <= 40 })
    }

    @Test func `an escape sequence in a name does not reach the terminal`() {
        var table = Table([.text("name")])
        table.append([Table.Cell("\u{1B}[2Jboo\n\u{202E}x")])
        #expect(table.text() == "name\n\\u{1b}[2Jboo\\n\\u{202e}x\n")
    }

    @Test func `colours do not move columns`() {
        var table = Table([.text("a"), .number("b")])
        table.append([Table.Cell("x", .good), Table.Cell("10", .bad)])
        #expect(
            table.text(style: .coloured)
                == "\u{1B}[2ma\u{1B}[0m   \u{1B}[2mb\u{1B}[0m\n\u{1B}[32mx\u{1B}[0m  \u{1B}[31m10\u{1B}[0m\n")
    }

    @Test func `a table without rows is empty`() {
        #expect(Table([.text("a")]).text() == "")
    }
}

@Suite struct ChannelTests {
    @Test(
        arguments: [
            (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
            (true, ["TERM": "dumb"], false),
        ] as [(Bool, [String: String], Bool)])
    func `colours only go to a terminal that wants them`(isTerminal: Bool, environment: [String: String], colours: Bool)
    {
        #expect(Channel.wantsColours(isTerminal: isTerminal, environment: environment) == colours)
    }
}
