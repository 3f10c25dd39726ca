/// Which staged messages are not stored: they are there already.
struct LeftOut: Sendable {
    private var words: [UInt64] = []
    private(set) var count = 0

    @inline(__always)
    func contains(_ message: Int) -> Bool {
        let word = message >> 6
        return word < words.count && words[word] >> UInt64(message & 63) & 1 == 1
    }

    mutating func insert(_ message: Int) {
        guard !contains(message) else { return }
        let word = message >> 6
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
        words[word] |= 1 << UInt64(message & 63)
        count += 1
    }
}
