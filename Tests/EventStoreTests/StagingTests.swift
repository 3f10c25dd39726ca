import EventModel
import Testing

@testable import EventStore

/// The tables an import works on.
@Suite struct StagingTests {
    private func keys(_ count: Int, below limit: Int, seed: UInt64) -> [DedupKey] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            DedupKey(source: "s", messageID: Text(String(Int.random(in: 0..<limit, using: &random))))
        }
    }

    @Test(arguments: [0, 1, 15, 16, 1_000, 40_000])
    func `keys are sorted as they compare`(count: Int) {
        let entries = keys(count, below: count + 1, seed: 5).enumerated().map { place, key in
            KeyBlocks.Entry(key, frame: (count - place) / 100)
        }
        #expect(KeyBlocks.Entry.sorted(entries) == entries.sorted())
    }

    @Test func `a set of keys takes each once, one by one or many at a time`() {
        let all = keys(5_000, below: 3_000, seed: 6)
        var single = KeySet()
        var many = KeySet()
        var seen: Set<DedupKey> = []
        for start in stride(from: 0, to: all.count, by: 250) {
            let piece = Array(all[start..<(start + 250)])
            let left = piece.indices.map { $0 % 7 == 0 }
            let expected = zip(piece, left).map { key, isLeft in isLeft ? false : seen.insert(key).inserted }
            #expect(many.insert(piece, except: left) == expected)
            #expect(zip(piece, left).map { key, isLeft in isLeft ? false : single.insert(key) } == expected)
        }
        #expect(many.count == seen.count)
        #expect(all.allSatisfy { many.contains($0) == seen.contains($0) })
    }

    @Test func `a column knows its rows, whether they are all or some`() {
        var dense = StagedColumn()
        for row in 0..<5 { dense.append(scaled: Int64(row), places: 0, at: row) }
        #expect(dense.isDense && dense.rows == [0, 1, 2, 3, 4])
        dense.append(scaled: 7, places: 1, at: 4)
        #expect(dense.count == 5)
        var more = dense
        more.append(dense, rows: nil, at: 5)
        #expect(more.isDense && more.rows == Array(0..<10))
        more.append(dense, rows: nil, at: 12)
        #expect(!more.isDense && more.rows == Array(0..<10) + Array(12..<17))
        more.append(dense, rows: [17, .max, 18, .max, 19], at: 17)
        #expect(more.rows == Array(0..<10) + Array(12..<20))
        var sparse = StagedColumn()
        sparse.append(.string("x"), at: 3)
        sparse.append(.string("y"), at: 9)
        var other = StagedColumn()
        other.append(.string("z"), at: 6)
        let merged = dense.merged(with: other)
        #expect(sparse.rows == [3, 9])
        #expect(merged.rows == [0, 1, 2, 3, 4, 6])
        guard case .coded(let codes, let dictionary) = merged.values else {
            Issue.record("texts and numbers are cells")
            return
        }
        #expect(dictionary[codes[5]].dropFirst().elementsEqual("z".utf8))
    }

    @Test func `persons come back out of their keys`() {
        for person in [
            MessageStage.Person(userID: "u", anonymousID: nil, previousID: nil, isAlias: false),
            MessageStage.Person(userID: nil, anonymousID: "é", previousID: nil, isAlias: false),
            MessageStage.Person(userID: "", anonymousID: "a", previousID: nil, isAlias: false),
            MessageStage.Person(userID: "u", anonymousID: "a", previousID: "p", isAlias: true),
            MessageStage.Person(userID: nil, anonymousID: nil, previousID: nil, isAlias: true),
        ] {
            var bytes: [UInt8] = []
            let tag = PersonKey.append(person, to: &bytes)
            #expect(PersonKey.person(([tag] + bytes)[...]) == person)
        }
    }

    @Test func `a recipe comes back out of its stored form, and nothing else does`() throws {
        var recipe = RowRecipe(
            delimiter: 0x3B, quote: 0x22, cells: 7, digester: RowDigester(namespace: "events", keys: ["b", "a", "c"]),
            event: 2, time: 1)
        recipe.customer = 0
        recipe.amount = 3
        recipe.usualCurrency = "EUR"
        recipe.decimalMark = 0x2C
        recipe.names = [
            "add": RowRecipe.Naming(name: "Product Added", property: nil),
            "home": RowRecipe.Naming(name: "Page Viewed", property: "name"),
        ]
        recipe.first = [RowRecipe.Property("session_id", 4, .text)]
        recipe.last = [RowRecipe.Property("size", 5, .literal), RowRecipe.Property("price", 6, .number)]
        let stored = StoredRecipe(recipe).bytes
        #expect(RowRecipe(json: stored) == recipe)
        let text = String(decoding: stored, as: UTF8.self)
        for (old, new) in [(#""recipe":1"#, #""recipe":2"#), (#""cells":7"#, #""cells":2"#), (#""text""#, #""other""#)]
        {
            #expect(RowRecipe(json: Array(text.replacing(old, with: new).utf8)) == nil)
        }
        #expect(RowRecipe(json: []) == nil)
    }
}
