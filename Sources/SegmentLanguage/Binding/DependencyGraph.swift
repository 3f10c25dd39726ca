/// Which definition uses which, by index; answers in what order to take them and where they go in circles.
struct DependencyGraph {
    /// For each definition the ones it uses, in the order of the text.
    let uses: [[Int]]

    /// Groups of definitions that use each other (or one that uses itself), and an order with used ones first.
    ///
    /// Tarjan's algorithm (SIAM J. Comput. 1972) with its own stack, because chains can be thousands long.
    /// - Complexity: O(definitions + uses).
    func analyse() -> (order: [Int], cycles: [[Int]]) {
        var state = State(count: uses.count)
        for root in uses.indices where state.number[root] == 0 {
            explore(from: root, &state)
        }
        return (state.order, state.cycles)
    }

    private struct State {
        var number: [Int]
        var low: [Int]
        var isOnStack: [Bool]
        var stack: [Int] = []
        var last = 0
        var order: [Int] = []
        var cycles: [[Int]] = []

        init(count: Int) {
            number = Array(repeating: 0, count: count)
            low = number
            isOnStack = Array(repeating: false, count: count)
        }

        mutating func enter(_ node: Int) {
            last += 1
            number[node] = last
            low[node] = last
            stack.append(node)
            isOnStack[node] = true
        }
    }

    private func explore(from root: Int, _ state: inout State) {
        var path: [(node: Int, next: Int)] = [(root, 0)]
        state.enter(root)
        while let (node, next) = path.last {
            if next < uses[node].count {
                path[path.count - 1].next += 1
                let used = uses[node][next]
                if state.number[used] == 0 {
                    state.enter(used)
                    path.append((used, 0))
                } else if state.isOnStack[used] {
                    state.low[node] = min(state.low[node], state.number[used])
                }
            } else {
                path.removeLast()
                if let parent = path.last?.node { state.low[parent] = min(state.low[parent], state.low[node]) }
                if state.low[node] == state.number[node] { leave(node, &state) }
            }
        }
    }

    /// Takes a finished group off the stack.
    private func leave(_ node: Int, _ state: inout State) {
        var group: [Int] = []
        while let top = state.stack.popLast() {
            state.isOnStack[top] = false
            group.append(top)
            if top == node { break }
        }
        state.order += group.reversed()
        if group.count > 1 || uses[node].contains(node) { state.cycles.append(group.sorted()) }
    }
}
