internal import EventModel

extension Lexer {
    /// A digit starts a number, a date (`2026-11-27`) or a time (`2026-11-27T10:00:00Z`).
    mutating func readNumberOrTime() {
        let start = position
        if matches("dddd-dd-dd"), !(peek(10)?.isDigit ?? false) {
            readTime(from: start)
        } else if let length = sloppyDateLength() {
            advance(by: length)
            report(
                .invalidTime, "a date has a year of four digits, a month and a day of two", from: start,
                help: "for instance 2026-01-05")
            add(.time(TimeLiteral(text: Text("1970-01-01"), isDate: true)), from: start)
        } else {
            readNumber(from: start)
        }
    }

    // MARK: - Numbers

    private mutating func readNumber(from start: SourcePosition) {
        passDigits()
        if peek() == UInt8(ascii: "."), peek(1)?.isDigit ?? false {
            advance()
            passDigits()
        }
        if let byte = peek(), byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            let signed = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
            if peek(signed ? 2 : 1)?.isDigit ?? false {
                advance(by: signed ? 2 : 1)
                passDigits()
            }
        }
        let digits = position
        if peek()?.continuesWord ?? false {
            while peek()?.continuesWord ?? false { advance() }
            reportGluedWord(from: start, digitsEnd: digits)
        }
        let written = bytes[start.offset..<digits.offset]
        add(.number(number(written, from: start)), from: start)
    }

    private mutating func passDigits() {
        while peek()?.isDigit ?? false { advance() }
    }

    private mutating func reportGluedWord(from start: SourcePosition, digitsEnd: SourcePosition) {
        let digits = String(decoding: bytes[start.offset..<digitsEnd.offset], as: UTF8.self)
        let word = String(decoding: bytes[digitsEnd.offset..<position.offset], as: UTF8.self)
        let suggestion = Words.durationUnit(word) == nil ? nil : "\(digits) \(word)"
        report(.invalidNumber, "`\(digits)\(word)` is neither a number nor a name", from: start, suggestion: suggestion)
    }

    private mutating func number(_ written: ArraySlice<UInt8>, from start: SourcePosition) -> Decimal128 {
        switch Decimal128.parse(jsonNumber: written) {
        case .value(let number): return number
        case .tooManyDigits:
            report(.numberOutOfRange, "a number has at most 34 significant digits", from: start)
        case .outOfRange:
            report(.numberOutOfRange, "the number is too large or too small", from: start)
        case .notANumber:
            let trimmed = String(decoding: written.drop { $0 == UInt8(ascii: "0") }, as: UTF8.self)
            report(
                .invalidNumber, "a number has no zeros in front", from: start,
                suggestion: trimmed.isEmpty || trimmed.hasPrefix(".") ? "0" + trimmed : trimmed)
        }
        return 0
    }

    // MARK: - Times

    private mutating func readTime(from start: SourcePosition) {
        advance(by: 10)
        var isDate = true
        let separator = peek()
        let hasTime =
            (separator == UInt8(ascii: "T") || separator == UInt8(ascii: "t") || separator == 0x20)
            && matches("dd:dd", from: 1)
        if hasTime {
            isDate = false
            advance(by: 6)
            if matches(":dd") {
                advance(by: 3)
                if peek() == UInt8(ascii: "."), peek(1)?.isDigit ?? false {
                    advance()
                    passDigits()
                }
            }
            passOffset()
        }
        let glued = peek()?.continuesWord ?? false
        while peek()?.continuesWord ?? false { advance() }
        let literal = TimeLiteral(text: Text(text(from: start)), isDate: isDate)
        if glued || Timestamp(iso8601: literal.text, zone: .utc) == nil {
            report(
                .invalidTime, "\(literal.text) is no date or time of the calendar", from: start,
                help: "for instance 2026-11-27 or 2026-11-27T10:00:00Z")
            add(.time(TimeLiteral(text: Text("1970-01-01"), isDate: true)), from: start)
        } else {
            add(.time(literal), from: start)
        }
    }

    private mutating func passOffset() {
        guard let byte = peek() else { return }
        if byte == UInt8(ascii: "Z") || byte == UInt8(ascii: "z") {
            advance()
        } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
            if matches("dd:dd", from: 1) {
                advance(by: 6)
            } else if matches("dddd", from: 1) {
                advance(by: 5)
            } else if matches("dd", from: 1) {
                advance(by: 3)
            }
        }
    }

    /// `2026-1-5`: the length, when it looks like a date and is none.
    private func sloppyDateLength() -> Int? {
        guard matches("dddd-d") else { return nil }
        var length = 5
        for part in 0..<2 {
            var digits = 0
            while peek(length)?.isDigit ?? false {
                length += 1
                digits += 1
            }
            guard (1...2).contains(digits) else { return nil }
            if part == 0 {
                guard peek(length) == UInt8(ascii: "-") else { return nil }
                length += 1
            }
        }
        return length
    }

    /// Whether the bytes from here on have this shape; `d` is a digit, everything else itself.
    private func matches(_ shape: StaticString, from distance: Int = 0) -> Bool {
        shape.withUTF8Buffer { shape in
            for (index, expected) in shape.enumerated() {
                guard let byte = peek(distance + index) else { return false }
                let fits = expected == UInt8(ascii: "d") ? byte.isDigit : byte == expected
                if !fits { return false }
            }
            return true
        }
    }
}
