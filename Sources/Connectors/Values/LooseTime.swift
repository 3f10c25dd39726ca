/// A date, a time of day, or both, in one of the many forms that shops and spreadsheets write.
///
/// `10/02/2025 5:09 PM`, `2 Oct 2025`, `Dec 8, 2024`, `2025-10-02 17:09:34 -0300`, `31.12.25, 23:59`, `9:15:51 AM`.
/// Reading finds the parts; which number of `10/02/2025` is the day is for the caller to say.
package struct LooseTime: Hashable, Sendable {
    package struct Number: Hashable, Sendable {
        var value: Int
        /// Digits as written.
        var width: Int
    }

    package enum DateParts: Hashable, Sendable {
        case digits(Number, Number, Number, separator: UInt8)
        case named(month: Int, day: Int, year: Number)
    }

    package var date: DateParts?
    package var millisecondOfDay: Int?
    package var offsetMilliseconds: Int64?

    /// Nil for anything in which a part is left over or makes no sense.
    package init?(_ text: String) {
        var tokens = Tokens(text)
        while let token = tokens.next() {
            switch token {
            case .number(let number):
                guard readNumber(number, &tokens) else { return nil }
            case .word(let word):
                guard readWord(word, &tokens) else { return nil }
            case .mark(let mark):
                guard readMark(mark, &tokens) else { return nil }
            }
        }
        guard date != nil || millisecondOfDay != nil else { return nil }
    }

    // MARK: - Parts

    private mutating func readNumber(_ number: Number, _ tokens: inout Tokens) -> Bool {
        switch tokens.peek() {
        case .mark(UInt8(ascii: ":")):
            return readClock(hour: number, &tokens)
        case .mark(let separator) where date == nil && [0x2F, 0x2D, 0x2E].contains(separator):
            return readDigits(first: number, separator: separator, &tokens)
        case .word(let word) where Self.halfDays[word] != nil && millisecondOfDay == nil:
            return finishClock(hour: number.value, minute: 0, second: 0, millisecond: 0, &tokens)
        default:
            return readNamed(leading: number, &tokens)
        }
    }

    /// `2/10/2025`, and `2-Oct-2025`, from behind the first number.
    private mutating func readDigits(first: Number, separator: UInt8, _ tokens: inout Tokens) -> Bool {
        _ = tokens.next()
        tokens.skipBlanks()
        switch tokens.next() {
        case .number(let second):
            guard tokens.skip(separator), case .number(let third) = tokens.next() else { return false }
            date = .digits(first, second, third, separator: separator)
            return true
        case .word(let word):
            guard let month = Months.number(of: word) else {
                return false
            }
            // `2. Oktober 2025`, `2-Oct-2025`.
            _ = tokens.skip(separator)
            tokens.skipBlanks()
            guard case .number(let year) = tokens.next() else { return false }
            date = .named(month: month, day: first.value, year: year)
            return true
        default:
            return false
        }
    }

    /// `2 Oct 2025`, `2 de octubre de 2025`, `2025 Oct 2`, from behind the first number.
    private mutating func readNamed(leading number: Number, _ tokens: inout Tokens) -> Bool {
        guard date == nil else { return false }
        tokens.skipBlanks()
        guard var word = tokens.nextWord() else { return false }
        if Self.ordinals.contains(word) || word == "de" {
            tokens.skipBlanks()
            guard let following = tokens.nextWord() else { return false }
            word = following
        }
        guard let month = Months.number(of: word) else { return false }
        tokens.skipBlanks()
        if case .word("de") = tokens.peek() {
            _ = tokens.next()
            tokens.skipBlanks()
        }
        guard case .number(let other) = tokens.next() else { return false }
        date =
            number.width == 4
            ? .named(month: month, day: other.value, year: number)
            : .named(month: month, day: number.value, year: other)
        return true
    }

    private mutating func readWord(_ word: String, _ tokens: inout Tokens) -> Bool {
        if word == "t" { return date != nil && millisecondOfDay == nil }
        if word == "z" || word == "utc" || word == "gmt" {
            offsetMilliseconds = offsetMilliseconds ?? 0
            return millisecondOfDay != nil
        }
        if Self.fillers.contains(word) || Months.isWeekday(word) { return true }
        guard date == nil, let month = Months.number(of: word) else { return false }
        // `Oct 2, 2025`.
        tokens.skipBlanks()
        guard case .number(let day) = tokens.next() else { return false }
        if case .word(let ordinal) = tokens.peek(), Self.ordinals.contains(ordinal) { _ = tokens.next() }
        tokens.skipBlanks()
        guard case .number(let year) = tokens.next() else { return false }
        date = .named(month: month, day: day.value, year: year)
        return true
    }

    private mutating func readMark(_ mark: UInt8, _ tokens: inout Tokens) -> Bool {
        switch mark {
        case UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "."): return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard millisecondOfDay != nil, case .number(let number) = tokens.next() else { return false }
            guard let offset = readOffset(number, &tokens) else { return false }
            offsetMilliseconds = mark == UInt8(ascii: "-") ? -offset : offset
            return true
        default: return false
        }
    }

    private func readOffset(_ number: Number, _ tokens: inout Tokens) -> Int64? {
        var (hours, minutes) = (number.value, 0)
        if number.width == 4 {
            (hours, minutes) = (number.value / 100, number.value % 100)
        } else if tokens.skip(UInt8(ascii: ":")) {
            guard case .number(let more) = tokens.next() else { return nil }
            minutes = more.value
        }
        guard number.width <= 4, hours <= 18, minutes < 60 else { return nil }
        return Int64(hours * 60 + minutes) * 60_000
    }

    private mutating func readClock(hour: Number, _ tokens: inout Tokens) -> Bool {
        guard millisecondOfDay == nil, tokens.skip(UInt8(ascii: ":")), case .number(let minute) = tokens.next() else {
            return false
        }
        var (second, millisecond) = (0, 0)
        if tokens.skip(UInt8(ascii: ":")) {
            guard case .number(let number) = tokens.next() else { return false }
            second = number.value
            if tokens.skip(UInt8(ascii: ".")) {
                guard case .number(let fraction) = tokens.next() else { return false }
                millisecond = fraction.thousandths
            }
        }
        return finishClock(hour: hour.value, minute: minute.value, second: second, millisecond: millisecond, &tokens)
    }

    private mutating func finishClock(
        hour: Int, minute: Int, second: Int, millisecond: Int, _ tokens: inout Tokens
    ) -> Bool {
        var hour = hour
        tokens.skipBlanks()
        if case .word(let word) = tokens.peek(), let isAfternoon = Self.halfDays[word] {
            _ = tokens.next()
            guard (1...12).contains(hour) else { return false }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        guard hour < 24, minute < 60, second < 60 else { return false }
        millisecondOfDay = ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond
        return true
    }

    private static let halfDays = ["am": false, "a": false, "pm": true, "p": true]
    private static let fillers: Set<String> = ["at", "um", "uhr", "à", "alle", "kl", "om", "the", "o", "às"]
    private static let ordinals: Set<String> = ["st", "nd", "rd", "th", "er", "º"]
}

extension LooseTime.Number {
    /// The digits after a decimal point as thousandths, the rest cut off.
    fileprivate var thousandths: Int {
        var result = value
        var digits = width
        while digits > 3 { (result, digits) = (result / 10, digits - 1) }
        while digits < 3 { (result, digits) = (result * 10, digits + 1) }
        return result
    }
}

/// The words, numbers and marks of a text; runs of white space are one mark.
private struct Tokens {
    enum Token: Equatable {
        case number(LooseTime.Number)
        case word(String)
        case mark(UInt8)
    }

    private var tokens: [Token] = []
    private var position = 0

    init(_ text: String) {
        var word = ""
        var number: LooseTime.Number?
        func flush(_ tokens: inout [Token]) {
            if !word.isEmpty { tokens.append(.word(word.lowercased())) }
            if let number { tokens.append(.number(number)) }
            word = ""
            number = nil
        }
        for scalar in text.unicodeScalars.prefix(80) {
            if (0x30...0x39).contains(scalar.value) {
                if !word.isEmpty { flush(&tokens) }
                let digit = Int(scalar.value) - 0x30
                let before = number ?? .init(value: 0, width: 0)
                // Nothing that means something has more digits than nanoseconds.
                guard before.width < 9 else { continue }
                number = .init(value: before.value * 10 + digit, width: before.width + 1)
            } else if scalar.properties.isAlphabetic || scalar == "º" {
                if number != nil { flush(&tokens) }
                word.unicodeScalars.append(scalar)
            } else if scalar.properties.isWhitespace {
                flush(&tokens)
                if tokens.last != .mark(0x20) { tokens.append(.mark(0x20)) }
            } else if scalar == ".", word == "a" || word == "p" || word == "m" || word == "am" || word == "pm" {
                // `a.m.` is one word.
                continue
            } else {
                flush(&tokens)
                tokens.append(.mark(scalar.isASCII ? UInt8(scalar.value) : scalar == "\u{2212}" ? 0x2D : 0))
            }
        }
        flush(&tokens)
        position = 0
    }

    func peek() -> Token? { position < tokens.count ? tokens[position] : nil }

    mutating func next() -> Token? {
        guard position < tokens.count else { return nil }
        defer { position += 1 }
        return tokens[position]
    }

    mutating func nextWord() -> String? {
        guard case .word(let word) = peek() else { return nil }
        position += 1
        return word
    }

    /// Passes over a mark, white space in front of it included, if it is the next.
    mutating func skip(_ mark: UInt8) -> Bool {
        guard peek() == .mark(mark) else { return false }
        position += 1
        return true
    }

    mutating func skipBlanks() {
        while let token = peek(), token == .mark(0x20) || token == .mark(0x2C) || token == .mark(0x2E) { position += 1 }
    }
}
