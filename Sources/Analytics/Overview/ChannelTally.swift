import EventModel

/// Visits, orders and revenue by channel, as one worker has counted them.
struct ChannelTally: Sendable {
    var names = ChannelNames()
    private var tallies: [Tally] = []
    /// Orders of no channel.
    private var none = Tally()

    /// Of the period, and of the one before.
    private struct Tally: Sendable {
        var visits = [0, 0]
        var visitsWithOrder = 0
        var orders = [0, 0]
        var revenue = [ExactSum(), ExactSum()]

        mutating func merge(_ other: Tally) {
            visitsWithOrder += other.visitsWithOrder
            for index in 0..<2 {
                visits[index] += other.visits[index]
                orders[index] += other.orders[index]
                revenue[index].add(other.revenue[index])
            }
        }

        func figures(_ name: Text?) -> ChannelFigures {
            ChannelFigures(
                name: name, visits: visits[0], visitsBefore: visits[1], orders: orders[0], ordersBefore: orders[1],
                revenue: revenue[0].value(), revenueBefore: revenue[1].value(), visitsWithOrder: visitsWithOrder)
        }
    }

    mutating func addVisit(_ channel: Int32, hasOrder: Bool, in index: Int) {
        makeRoom(for: channel)
        tallies[Int(channel)].visits[index] += 1
        if index == 0, hasOrder { tallies[Int(channel)].visitsWithOrder += 1 }
    }

    /// - Parameter channel: nil: none.
    mutating func addOrder(_ channel: Int32?, _ revenue: Decimal128?, in index: Int) {
        guard let channel else { return Self.add(revenue, in: index, to: &none) }
        makeRoom(for: channel)
        Self.add(revenue, in: index, to: &tallies[Int(channel)])
    }

    private static func add(_ revenue: Decimal128?, in index: Int, to tally: inout Tally) {
        tally.orders[index] += 1
        if let revenue { tally.revenue[index].add(revenue) }
    }

    private mutating func makeRoom(for channel: Int32) {
        let missing = Int(channel) + 1 - tallies.count
        if missing > 0 { tallies += repeatElement(Tally(), count: missing) }
    }

    mutating func merge(_ other: ChannelTally) {
        none.merge(other.none)
        for (number, tally) in other.tallies.enumerated() {
            let mine = names.number(of: other.names.text(of: Int32(truncatingIfNeeded: number)))
            makeRoom(for: mine)
            tallies[Int(mine)].merge(tally)
        }
    }

    /// Those with a visit or an order in the period, most visits first, then orders, then by name; no channel last.
    var figures: [ChannelFigures] {
        let all =
            tallies.enumerated().map { $1.figures(names.text(of: Int32(truncatingIfNeeded: $0))) } + [none.figures(nil)]
        return all.filter { $0.visits + $0.orders > 0 }.sorted { left, right in
            if left.visits != right.visits { return left.visits > right.visits }
            if left.orders != right.orders { return left.orders > right.orders }
            guard let mine = left.name, let other = right.name else { return left.name != nil }
            return mine < other
        }
    }
}
