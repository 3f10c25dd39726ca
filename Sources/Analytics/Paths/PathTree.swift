import EventModel

/// Paths by their steps, each step a small number.
struct PathTree: Sendable {
    private struct Node: Sendable {
        let label: Int32
        var count = 0
        var ended = 0
        /// The first of its next nodes, and the one beside it; -1: none.
        var child: Int32 = -1
        var sibling: Int32 = -1
    }

    /// The root first.
    private var nodes = [Node(label: -1)]
    /// Nodes by the one before them and their label.
    private var places: [UInt64: Int32] = [:]

    /// How many paths have begun.
    var paths: Int { nodes[0].count }

    /// Begins a path.
    ///
    /// - Returns: the node it stands at.
    mutating func begin() -> Int32 {
        nodes[0].count += 1
        return 0
    }

    /// Goes on from a node.
    mutating func step(from node: Int32, _ label: Int32) -> Int32 {
        let next = next(of: node, label)
        nodes[Int(next)].count += 1
        return next
    }

    /// Ends a path at a node.
    mutating func end(_ node: Int32) { nodes[Int(node)].ended += 1 }

    private mutating func next(of node: Int32, _ label: Int32) -> Int32 {
        let key = UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: label))
        if let known = places[key] { return known }
        let made = Int32(truncatingIfNeeded: nodes.count)
        var next = Node(label: label)
        next.sibling = nodes[Int(node)].child
        nodes.append(next)
        nodes[Int(node)].child = made
        places[key] = made
        return made
    }

    private func children(of node: Int32) -> [Int32] {
        var all: [Int32] = []
        var child = nodes[Int(node)].child
        while child >= 0 {
            all.append(child)
            child = nodes[Int(child)].sibling
        }
        return all
    }

    /// Adds the paths of another tree.
    ///
    /// - Parameter label: the number here of a label there.
    mutating func merge(_ other: PathTree, label: (Int32) -> Int32) {
        // A node is made after the one it follows.
        var mine = [Int32](repeating: 0, count: other.nodes.count)
        for (index, node) in other.nodes.enumerated() {
            nodes[Int(mine[index])].count += node.count
            nodes[Int(mine[index])].ended += node.ended
            for child in other.children(of: Int32(truncatingIfNeeded: index)) {
                mine[Int(child)] = next(of: mine[index], label(other.nodes[Int(child)].label))
            }
        }
    }

    // MARK: - As an answer

    /// The tree with the most frequent branches of each node.
    func root(branches: Int, _ label: (Int32) -> PathLabel) -> PathsQuery.Node {
        made(0, branches, label)
    }

    /// Recursive: trees are at most `PathsQuery.mostSteps` deep.
    private func made(_ index: Int32, _ branches: Int, _ label: (Int32) -> PathLabel) -> PathsQuery.Node {
        let node = nodes[Int(index)]
        let children = children(of: index).map {
            (index: $0, count: nodes[Int($0)].count, label: label(nodes[Int($0)].label))
        }
        .sorted { $0.count != $1.count ? $0.count > $1.count : $0.label < $1.label }
        var next = children.prefix(branches).map { made($0.index, branches, label) }
        let rest = children.dropFirst(branches)
        if !rest.isEmpty {
            next.append(
                PathsQuery.Node(
                    event: nil, value: nil, count: rest.reduce(0) { $0 + $1.count },
                    ended: rest.reduce(0) { $0 + nodes[Int($1.index)].ended }, next: [], gathered: rest.count))
        }
        let own = node.label >= 0 ? label(node.label) : nil
        return PathsQuery.Node(
            event: own?.event, value: own?.value, count: node.count, ended: node.ended, next: next, gathered: 0)
    }
}
