import EventModel
package import SegmentLanguage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension RandomDefinitions.Pool {
    /// What the random histories hold.
    package static let histories: RandomDefinitions.Pool = {
        var pool = RandomDefinitions.Pool.shop
        pool.events = [
            "Product Viewed", "Product Added", "Order Completed", "Order Completed", "Email Opened", "A", "B",
            "Page Viewed", "Cart Viewed", "Consent Updated",
        ]
        pool.properties =
            RandomHistories.properties.map { name in
                PropertyPath(.properties, name.split(separator: ".").map { Text(String($0)) })
            } + [
                PropertyPath(.context, ["campaign", "source"]), PropertyPath(.properties, ["events"]),
                PropertyPath(.properties, ["duration"]),
            ]
        pool.itemProperties = RandomHistories.itemProperties.map { PropertyPath(.items, [Text($0)]) }
        pool.groups += [PropertyPath(.properties, ["product_id"]), PropertyPath(.context, ["campaign", "source"])]
        pool.traits = (RandomHistories.traits + ["phone"]).map { [Text($0)] } + [["tier", "level"]]
        pool.strings += ["hats", "free", "p1", "soon"]
        return pool
    }()
}

/// Whether the long tests are asked for.
package let isLongRun = getenv("SHOAL_LONG_TESTS") != nil

/// Definitions for a seed, all of them bound without errors.
package func randomProgram(seed: UInt64) -> Program {
    var random = SeededRandom(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    let definitions = RandomDefinitions.make(random: &random, size: 8, depth: 3, pool: .histories)
    return Program(inDependencyOrder: definitions)
}

/// Definitions for a seed that ask how often events are in groups, and nothing else of these.
package func randomGroupCounts(seed: UInt64) -> [Definition] {
    var random = SeededRandom(seed: seed &* 0xA076_1D64_78BD_642F &+ 3)
    func count() -> Condition {
        while true {
            let condition = RandomDefinitions.condition(random: &random, depth: 1, pool: .histories)
            switch condition.kind {
            case .did, .didNot: return random.chance(0.2) ? Condition(.not(condition)) : condition
            default: continue
            }
        }
    }
    return (0..<6).map { index in
        let parts = (0...random.int(below: 3)).map { _ in count() }
        let body =
            parts.count == 1 ? parts[0] : Condition(random.chance(0.7) ? .and(parts) : .or(parts))
        let path = RandomDefinitions.Pool.histories.groups[random.int(below: 3)]
        let quantifier: GroupQuantifier = random.chance(0.6) ? .some : .atLeast(1 + random.int(below: 2))
        return Definition(
            name: Text("counts\(index)"), title: nil, body: .segment(Condition(.forGroups(quantifier, path, body))))
    }
}
