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
