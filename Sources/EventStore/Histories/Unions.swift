import EventModel
import Synchronization

/// Names and dictionaries of several blocks as those of one, kept for the next blocks: blocks of the same parts mostly
/// have the same ones.
final class Unions: Sendable {
    /// The event names of several blocks.
    struct Names: Sendable {
        let union: EventNames
        /// Per block and code of it, the code among all.
        let codes: [[UInt32]]
    }

    /// The cells of several dictionaries.
    struct Dictionary: Sendable {
        let dictionary: CellDictionary
        /// Per block and code of it, the code among all; empty for a block without the column.
        let codes: [[UInt32]]
    }

    private struct State {
        var names: (sources: [EventNames], result: Names)?
        var dictionaries: [PropertyPath: (sources: [CellDictionary?], result: Dictionary)] = [:]
    }

    private let state = Locked(State())

    func names(of blocks: [HistoryBlock]) -> Names {
        let sources = blocks.map(\.names)
        let known = state.withLock { $0.names }
        if let known, known.sources.count == sources.count, zip(known.sources, sources).allSatisfy({ $0 === $1 }) {
            return known.result
        }
        var texts: [Text] = ["$identify"]
        var codeOfText: [Text: UInt32] = [:]
        var codesOfSource: [ObjectIdentifier: [UInt32]] = [:]
        let codes = sources.map { source in
            if let known = codesOfSource[ObjectIdentifier(source)] { return known }
            var codes: [UInt32] = [HistoryBlock.identifyCode]
            for text in source.texts.dropFirst() {
                let code = codeOfText[text] ?? UInt32(texts.count)
                if code == texts.count {
                    texts.append(text)
                    codeOfText[text] = code
                }
                codes.append(code)
            }
            codesOfSource[ObjectIdentifier(source)] = codes
            return codes
        }
        // The same names in the same order stay the same object, by which readers know them.
        let union = known.flatMap { $0.result.union.texts == texts ? $0.result.union : nil } ?? EventNames(texts)
        let result = Names(union: union, codes: codes)
        state.withLock { $0.names = (sources, result) }
        return result
    }

    /// - Parameters:
    ///   - columns: dictionaries, or nil.
    ///   - rows: how many rows are wanted; of few, only the cells they have are joined.
    func dictionary(of columns: [Column?], at path: PropertyPath, rows: Int) -> Dictionary {
        let sources = columns.map { $0?.dictionary }
        let cells = sources.reduce(0) { $0 + ($1?.cells.count ?? 0) }
        if rows < cells / 4 { return DictionaryUnion(sources).joined(used: columns.map { $0.map(Self.used) ?? [] }) }
        let known = state.withLock { $0.dictionaries[path] }
        if let known, known.sources.count == sources.count,
            zip(known.sources, sources).allSatisfy({ $0?.numbers === $1?.numbers })
        {
            return known.result
        }
        let result = DictionaryUnion(sources).joined()
        state.withLock { $0.dictionaries[path] = (sources, result) }
        return result
    }

    private static func used(by column: Column) -> [UInt32] {
        switch column.storage {
        case .dictionary(let codes, _): codes.numbers
        case .sparse(_, let codes, _): codes
        case .decimals: []
        }
    }
}
