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
    func `staged keys come in the order of their prefixes, and then of arrival`(count: Int) {
        let all = keys(count, below: count + 1, seed: 5)
        var staged = StagedKeys()
        for key in all { staged.append(key) }
        var left = LeftOut()
        for message in stride(from: 3, to: count, by: 7) { left.insert(message) }
        for isPartial in [false, true] {
            let order = KeyOrder(staged, without: isPartial ? left : LeftOut())
            let expected = all.indices.filter { !isPartial || $0 % 7 != 3 }.sorted {
                (KeyBlocks.prefix(of: all[$0]), $0) < (KeyBlocks.prefix(of: all[$1]), $1)
            }
            #expect((0..<order.count).map { order.message($0) } == expected)
            #expect((0..<order.count).map { order.prefix($0) } == expected.map { KeyBlocks.prefix(of: all[$0]) })
        }
        var order = KeyOrder(staged)
        let twice = Dictionary(grouping: all.indices) { KeyBlocks.prefix(of: all[$0]) }.values.filter { $0.count > 1 }
        #expect(Set(order.shared()) == Set(twice))
        order.remove(left)
        #expect(order.count == count - left.count)
    }

    @Test func `the keys of rows are those of their messages`() {
        var staged = StagedKeys()
        let digests = (0..<1_000).map { RowDigest(bytes: Array("\($0)".utf8)) }
        staged.append(keys(1, below: 9, seed: 1)[0])
        staged.append(digests: Array(digests[..<700]), source: DedupKey.eventLogSource)
        staged.append(digests: Array(digests[700...]), source: "another")
        let further = DedupKey(source: DedupKey.eventLogSource, messageID: digests[5].messageID(occurrence: 2))
        staged.set(further, at: 6)
        var all: [DedupKey] = []
        staged.forEachPiece(of: 0..<staged.count) { first, keys in
            #expect(first == all.count)
            all += keys
        }
        for message in 1...1_000 {
            let source: Text = message <= 700 ? DedupKey.eventLogSource : "another"
            let key = DedupKey(source: source, messageID: digests[message - 1].messageID(occurrence: 1))
            #expect(all[message] == (message == 6 ? further : key))
            #expect(staged[message] == all[message])
            #expect(staged.row(message)?.digest == digests[message - 1] && staged.row(message)?.source == source)
        }
        #expect(staged.row(0) == nil && staged[0] == all[0])
    }

    @Test func `a staged array holds what an array holds, however it grows and is copied`() {
        var staged = StagedArray<UInt32>()
        var plain: [UInt32] = []
        var copies: [(StagedArray<UInt32>, [UInt32])] = []
        var random = SplitMix64(seed: 11)
        for step in 0..<400 {
            let more = Int.random(in: 0..<2_000, using: &random)
            staged.append(count: more) { for index in 0..<more { $0[index] = UInt32(step * 7 + index) } }
            plain += (0..<more).map { UInt32(step * 7 + $0) }
            staged.append(UInt32(step))
            plain.append(UInt32(step))
            if step % 50 == 0 { copies.append((staged, plain)) }
            if step % 60 == 0 {
                staged[step] = 1
                plain[step] = 1
            }
        }
        staged.removeLast(17)
        plain.removeLast(17)
        #expect(staged.elements == plain)
        for (copy, expected) in copies { #expect(copy.elements == expected) }
    }

    @Test(arguments: 0..<8) func `numbers of all kinds come back out of a column`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var column = StagedColumn()
        var numbers: [Decimal128] = []
        for row in 0..<300 {
            let places = Int.random(in: 0..<(seed % 2 == 0 ? 3 : 14), using: &random)
            let limit: Int64 = row > 200 && seed > 4 ? 1 << 50 : 1_000_000
            let value = Int64.random(in: -limit..<limit, using: &random)
            column.append(scaled: value, places: places, at: row)
            numbers.append(Decimal128(scaled: value, exponent: Int32(-places)))
        }
        #expect(column.isDense && column.count == 300)
        let read: [Decimal128?] =
            switch column.values {
            case .narrow(let all, let exponent): all.elements.map { Decimal128(scaled: Int64($0), exponent: exponent) }
            case .wide(let all, let exponent): all.elements.map { Decimal128(scaled: $0, exponent: exponent) }
            case .coded(let codes, let dictionary):
                codes.elements.map { code in
                    guard case .number(let number)? = dictionary[code].withUnsafeBytes({ CellCoding.decode($0) }) else {
                        return nil
                    }
                    return number
                }
            }
        #expect(read == numbers)
    }

    @Test(arguments: 0..<6) func `a block is sorted by name, profile, time and arrival`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let count = 3_000
        let names = (0..<count).map { _ in UInt32.random(in: 0..<5, using: &random) }
        let profiles = (0..<count).map { _ in UInt32.random(in: 40..<90, using: &random) }
        let times = (0..<count).map { Int64($0 / 3) + (seed % 2 == 0 ? 0 : Int64.random(in: 0..<50, using: &random)) }
        let expected = (0..<count).sorted {
            (names[$0], profiles[$0], times[$0], $0) < (names[$1], profiles[$1], times[$1], $1)
        }
        // Few pairs of a name and a profile are counted at once, many one after the other.
        for profileCount in [50, 20_000] {
            let order = names.withUnsafeBufferPointer { names in
                profiles.withUnsafeBufferPointer { profiles in
                    times.withUnsafeBufferPointer { times in
                        BlockOrder(
                            names: names, profiles: profiles, firstProfile: 40, times: times, nameCount: 5,
                            profileCount: profileCount)
                    }
                }
            }
            #expect(order.rows == expected.map { UInt32($0) })
            #expect(order.rows.enumerated().allSatisfy { order.places[Int($0.element)] == UInt32($0.offset) })
            var next = 0
            for run in order.runs {
                #expect(run.rows.lowerBound == next && !run.rows.isEmpty)
                for row in order.rows[run.rows] {
                    #expect(names[Int(row)] == run.name && Int(profiles[Int(row)]) == run.profile + 40)
                }
                next = run.rows.upperBound
            }
            #expect(next == count && order.runs.count <= 250)
        }
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
        more.append(dense, at: 5)
        #expect(more.isDense && more.rows == Array(0..<10))
        more.append(dense, at: 12)
        #expect(!more.isDense && more.rows == Array(0..<10) + Array(12..<17))
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
