import Synchronization

/// What `shoal_number_codes` knows of numbers, kept from call to call so that nothing need be cleared.
final class NumberTable: @unchecked Sendable {
    // Sendable because only one call at a time has it.
    static let numbersMax: UInt32 = 1 << 22
    private static let free = Mutex<[NumberTable]>([])

    let known: UnsafeMutableBufferPointer<UInt32>
    private let pages: UnsafeMutableRawBufferPointer
    private var call: UInt16 = 0

    private init() {
        let count = Int(Self.numbersMax) + 1
        // New pages are zero, and only those of numbers that occur are ever touched.
        pages = Pages.new(count * MemoryLayout<UInt32>.stride)
        known = UnsafeMutableBufferPointer(start: pages.bindMemory(to: UInt32.self).baseAddress, count: count)
    }

    static func with(_ body: (NumberTable) -> Void) {
        let table = free.withLock { $0.popLast() } ?? NumberTable()
        body(table)
        free.withLock { $0.append(table) }
    }

    /// A call that no entry has yet.
    func nextCall() -> UInt16 {
        if call == .max {
            known.update(repeating: 0)
            call = 0
        }
        call += 1
        return call
    }
}
