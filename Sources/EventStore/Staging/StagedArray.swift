import Columns

/// Numbers that come by the million, in the order in which they come.
///
/// Once large it lies on pages of its own, so that growing copies nothing. Choose it for what an import holds of every row; for anything else take `Array`.
struct StagedArray<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Sendable because the storage is changed only by the one array that refers to it.
    private final class Storage {
        private(set) var start: UnsafeMutablePointer<Element>
        private(set) var capacity: Int
        private var pages: UnsafeMutableRawBufferPointer?

        /// Up to so many bytes the allocator serves better.
        private static var smallBytes: Int { 1 << 19 }

        init(capacity: Int) {
            self.capacity = max(capacity, 1)
            start = .allocate(capacity: max(capacity, 1))
        }

        func grow(to wanted: Int, keeping count: Int) {
            let bytes = wanted * MemoryLayout<Element>.stride
            let before = UnsafeRawBufferPointer(start: start, count: count * MemoryLayout<Element>.stride)
            if bytes <= Self.smallBytes {
                let larger = UnsafeMutablePointer<Element>.allocate(capacity: wanted)
                UnsafeMutableRawPointer(larger).copyMemory(from: UnsafeRawPointer(start), byteCount: before.count)
                start.deallocate()
                start = larger
                capacity = wanted
                return
            }
            let larger = Pages.resize(pages, to: bytes)
            if pages == nil {
                larger.copyMemory(from: before)
                start.deallocate()
            }
            pages = larger
            if let address = larger.baseAddress { start = address.assumingMemoryBound(to: Element.self) }
            capacity = larger.count / MemoryLayout<Element>.stride
        }

        deinit {
            if let pages { Pages.free(pages) } else { start.deallocate() }
        }
    }

    /// Nil before the first element.
    private var storage: Storage?
    private(set) var count = 0

    init() {}

    init(_ elements: some Collection<Element>) {
        append(count: elements.count) { start in
            var index = 0
            for element in elements {
                start[index] = element
                index &+= 1
            }
        }
    }

    var isEmpty: Bool { count == 0 }

    /// How much memory it takes; what was only reserved is none yet.
    var byteCount: Int { count * MemoryLayout<Element>.stride }

    /// Makes room for so many elements in all.
    mutating func reserve(_ capacity: Int) {
        _ = makeRoom(for: max(capacity, count))
    }

    /// Room for so many elements, at which nobody else looks.
    @inline(__always)
    private mutating func makeRoom(for wanted: Int) -> UnsafeMutablePointer<Element> {
        // A name for the storage would be a second reference to it.
        if isKnownUniquelyReferenced(&storage), wanted <= storage.unsafelyUnwrapped.capacity {
            return storage.unsafelyUnwrapped.start
        }
        return grow(to: wanted)
    }

    @inline(never)
    private mutating func grow(to wanted: Int) -> UnsafeMutablePointer<Element> {
        let before = storage?.capacity ?? 0
        let capacity = wanted > before ? max(wanted, before * 2) : before
        if storage == nil || !isKnownUniquelyReferenced(&storage) {
            let copy = Storage(capacity: 16)
            if capacity > 16 { copy.grow(to: capacity, keeping: 0) }
            if let storage { copy.start.update(from: storage.start, count: count) }
            storage = copy
        } else {
            storage.unsafelyUnwrapped.grow(to: capacity, keeping: count)
        }
        return storage.unsafelyUnwrapped.start
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        makeRoom(for: count &+ 1)[count] = element
        count &+= 1
    }

    /// Appends `more` elements that `fill` writes; those that it does not are anything.
    @inline(__always)
    mutating func append(count more: Int, _ fill: (UnsafeMutablePointer<Element>) -> Void) {
        guard more > 0 else { return }
        fill(makeRoom(for: count &+ more) + count)
        count &+= more
    }

    mutating func append(repeating element: Element, count more: Int) {
        append(count: more) { $0.update(repeating: element, count: more) }
    }

    /// Removes the last elements.
    mutating func removeLast(_ fewer: Int) {
        precondition(fewer >= 0 && fewer <= count, "\(fewer) of \(count) elements")
        count -= fewer
    }

    subscript(index: Int) -> Element {
        @inline(__always) get {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            return storage.unsafelyUnwrapped.start[index]
        }
        set {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            makeRoom(for: count)[index] = newValue
        }
    }

    var last: Element? { count == 0 ? nil : self[count - 1] }

    /// Lends the elements.
    @inline(__always)
    func withUnsafeBufferPointer<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result {
        defer { withExtendedLifetime(storage) {} }
        return body(UnsafeBufferPointer(start: storage?.start, count: count))
    }

    @inline(__always)
    mutating func withUnsafeMutableBufferPointer<Result>(
        _ body: (UnsafeMutableBufferPointer<Element>) -> Result
    ) -> Result {
        let start = makeRoom(for: count)
        defer { withExtendedLifetime(storage) {} }
        return body(UnsafeMutableBufferPointer(start: start, count: count))
    }

    /// All elements.
    var elements: [Element] { withUnsafeBufferPointer { Array($0) } }
}
