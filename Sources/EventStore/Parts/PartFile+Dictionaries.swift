import Columns
import EventModel
import Synchronization

extension PartFile {
    /// The cells of a dictionary, kept for the next reader. Blocks whose dictionaries are equal share one array.
    func dictionary(_ block: PartBlock, path: UInt32, rows: Int) throws(EventStoreError) -> CellDictionary {
        if let cached = dictionaries[block.place.number, path] { return cached }
        if let entry = block.entry(.dictionary, id: path), let known = dictionaries.latest(of: path),
            known.dictionary.cells.count <= rows + 1,
            block.storedBytes(entry).elementsEqual(map.bytes[known.place..<(known.place + known.length)])
        {
            dictionaries.set(known, block.place.number, path, isShared: true)
            return known.dictionary
        }
        let chunk = try chunk(block, .dictionary, id: path)
        defer { withExtendedLifetime(chunk) {} }
        let dictionary: CellDictionary
        do throws(ColumnError) {
            dictionary = CellDictionary(try ColumnCoding.decodeDictionary(chunk.bytes, rows: rows))
        } catch {
            throw block.damage(.contents(error))
        }
        if let entry = block.entry(.dictionary, id: path) {
            let place = block.place.offset + entry.offset
            dictionaries.set(
                DictionaryCache.Entry(dictionary: dictionary, place: place, length: entry.length), block.place.number,
                path,
                isShared: false)
        }
        return dictionary
    }
}

/// Decoded dictionaries of a part. Bounded; when full it starts anew.
final class DictionaryCache: Sendable {
    /// A dictionary and where its bytes lie in the file.
    struct Entry: Sendable {
        let dictionary: CellDictionary
        let place: Int
        let length: Int
    }

    private struct Key: Hashable {
        let block: Int
        let path: UInt32
    }

    private struct State {
        var dictionaries: [Key: CellDictionary] = [:]
        var latest: [UInt32: Entry] = [:]
        var count = 0
    }

    private static let cellsMax = 1 << 20

    private let state = Locked(State())

    subscript(block: Int, path: UInt32) -> CellDictionary? {
        state.withLock { $0.dictionaries[Key(block: block, path: path)] }
    }

    /// The dictionary of a path that was decoded last.
    func latest(of path: UInt32) -> Entry? { state.withLock { $0.latest[path] } }

    /// - Parameter isShared: whether its cells are those of another block, which take no room of their own.
    func set(_ entry: Entry, _ block: Int, _ path: UInt32, isShared: Bool) {
        state.withLock { state in
            if state.count > Self.cellsMax { state = State() }
            let previous = state.dictionaries.updateValue(
                entry.dictionary, forKey: Key(block: block, path: path))
            if previous == nil { state.count += isShared ? 1 : entry.dictionary.cells.count }
            state.latest[path] = entry
        }
    }
}
