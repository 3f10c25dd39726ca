/// An array that is cheap to keep old versions of: changing a copy touches one chunk, not everything.
///
/// Choose it where readers hold a version while the writer goes on; for anything else take `Array`.
struct ChunkedArray<Element: Sendable>: Sendable {
    private static var chunkSize: Int { 1_024 }

    private var chunks: [[Element]] = []
    private(set) var count = 0

    init() {}

    subscript(index: Int) -> Element { chunks[index / Self.chunkSize][index % Self.chunkSize] }

    /// Replaces an element.
    mutating func set(_ element: Element, at index: Int) {
        chunks[index / Self.chunkSize][index % Self.chunkSize] = element
    }

    mutating func append(_ element: Element) {
        if count % Self.chunkSize == 0 { chunks.append([]) }
        chunks[chunks.count - 1].append(element)
        count += 1
    }
}
