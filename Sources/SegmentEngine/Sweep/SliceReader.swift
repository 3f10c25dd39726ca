import EventStore

/// The numbers of a slice while they are lent, for many questions.
struct SliceReader<Number: FixedWidthInteger & Sendable> {
    private let first: Int
    private let numbers: UnsafeBufferPointer<Number>

    fileprivate init(first: Int, numbers: UnsafeBufferPointer<Number>) {
        self.first = first
        self.numbers = numbers
    }

    @inline(__always)
    subscript(row: Int) -> Number {
        let place = row &- first
        return place >= 0 && place < numbers.count ? numbers[place] : 0
    }
}

extension ColumnSlice {
    @inline(__always)
    func withReader<Result>(_ body: (SliceReader<Number>) -> Result) -> Result {
        let first = first
        return numbers.withUnsafeBufferPointer { body(SliceReader(first: first, numbers: $0)) }
    }
}
