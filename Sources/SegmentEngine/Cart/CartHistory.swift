package import EventModel
import EventStore

/// A profile's cart, replayed once: what it was after each instant at which it changed.
struct CartHistory {
    struct State {
        /// Sum of price x quantity; nil when it is outside the decimals.
        var value: Decimal128?
        var lineCount = 0
        var quantity: Decimal128?
        /// Time of the last event that concerned the cart.
        var updated: Int64
    }

    /// One per instant, ascending.
    private var states: [State] = []

    /// The state at an instant; nil before the first event of the cart.
    func state(at now: Int64) -> State? {
        var low = 0
        var high = states.count
        while low < high {
            let middle = (low + high) / 2
            if states[middle].updated <= now { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? states[low - 1] : nil
    }

    init(of evaluator: ProfileEvaluator) {
        guard let columns = evaluator.plan.wellKnown.cart else { return }
        var replay = CartReplay(evaluator: evaluator, columns: columns)
        for step in Self.steps(of: evaluator) {
            guard replay.apply(step.name, row: step.row) else { continue }
            let state = replay.state(updated: step.position.time)
            // All messages of one millisecond take effect together.
            if states.last?.updated == state.updated { states.removeLast() }
            states.append(state)
        }
    }

    /// The lines of the cart at an instant, in the order of their products; none for plans that never ask for carts.
    static func lines(of evaluator: ProfileEvaluator, at now: Int64) -> [CartLine] {
        guard let columns = evaluator.plan.wellKnown.cart else { return [] }
        var replay = CartReplay(evaluator: evaluator, columns: columns)
        for step in steps(of: evaluator) where step.position.time <= now { _ = replay.apply(step.name, row: step.row) }
        return replay.cartLines
    }

    private typealias Step = (position: Position, row: Int, name: Text)

    /// The rows that may concern the cart, in history order.
    private static func steps(of evaluator: ProfileEvaluator) -> [Step] {
        let frame = evaluator.frame(at: .max, wantsValidity: false)
        defer { evaluator.release(frame) }
        var steps: [Step] = []
        for name in CartColumns.events {
            guard let code = evaluator.block.code(ofEvent: name) else { continue }
            let run = evaluator.visibleRun(code, frame)
            for index in 0..<run.count {
                steps.append((evaluator.position(of: run[index]), run[index], name))
            }
        }
        steps.sort { $0.position < $1.position }
        return steps
    }
}

/// One line of a cart.
package struct CartLine: Hashable, Sendable {
    /// The product's id, else its SKU.
    package let product: Text?
    package let variant: Text?
    package let quantity: Decimal128
    /// As set last, else the catalogue's.
    package let price: Decimal128?
}

/// The lines of a cart while its events are replayed.
struct CartReplay {
    private struct Key: Hashable {
        /// The product's id, else its SKU.
        var product: Text?
        var variant: Text?
    }

    private struct Line {
        var quantity: Decimal128
        var price: Decimal128?
        var productID: Text?
    }

    private let evaluator: ProfileEvaluator
    private let columns: CartColumns
    private var lines: [Key: Line] = [:]

    init(evaluator: ProfileEvaluator, columns: CartColumns) {
        self.evaluator = evaluator
        self.columns = columns
    }

    /// Applies an event; false when it does not concern the cart.
    mutating func apply(_ name: Text, row: Int) -> Bool {
        switch name {
        case EventName.orderCompleted:
            lines = [:]
        case EventName.cartViewed:
            guard evaluator.binding.flags[row] & HistoryBlock.Flag.productsList != 0 else { return false }
            lines = [:]
            let offsets = evaluator.block.itemOffsets
            for item in Int(offsets[row])..<Int(offsets[row + 1]) {
                add(
                    quantity: number(columns.itemQuantity, item), price: number(columns.itemPrice, item),
                    to: key(item, columns.itemProductID, columns.itemSKU, columns.itemVariant),
                    productID: value(columns.itemProductID, item).identity)
            }
        case EventName.productRemoved:
            remove(
                quantity: number(columns.quantity, row),
                from: key(row, columns.productID, columns.sku, columns.variant))
        default:
            add(
                quantity: number(columns.quantity, row), price: number(columns.price, row),
                to: key(row, columns.productID, columns.sku, columns.variant),
                productID: value(columns.productID, row).identity)
        }
        return true
    }

    private func value(_ column: Int, _ at: Int) -> Value { evaluator.binding.value(column, at: at) }
    private func number(_ column: Int, _ at: Int) -> Decimal128? { value(column, at).numeric }

    private func key(_ at: Int, _ productID: Int, _ sku: Int, _ variant: Int) -> Key {
        Key(product: value(productID, at).identity ?? value(sku, at).identity, variant: value(variant, at).identity)
    }

    private mutating func add(quantity: Decimal128?, price: Decimal128?, to key: Key, productID: Text?) {
        var line = lines[key] ?? Line(quantity: 0, price: nil, productID: productID)
        line.quantity = line.quantity.adding(quantity ?? 1) ?? line.quantity
        if let price { line.price = price }
        lines[key] = line.quantity > 0 ? line : nil
    }

    private mutating func remove(quantity: Decimal128?, from key: Key) {
        guard var line = lines[key] else { return }
        line.quantity = quantity.flatMap { line.quantity.subtracting($0) } ?? 0
        lines[key] = line.quantity > 0 ? line : nil
    }

    /// In the order of products and variants.
    var cartLines: [CartLine] {
        lines.map { key, line in
            CartLine(
                product: key.product, variant: key.variant, quantity: line.quantity,
                price: line.price ?? cataloguePrice(of: line))
        }.sorted { ($0.product ?? "", $0.variant ?? "") < ($1.product ?? "", $1.variant ?? "") }
    }

    func state(updated: Int64) -> CartHistory.State {
        var value = Decimal128.ExactSum()
        var quantity = Decimal128.ExactSum()
        var isOutside = false
        for line in lines.values {
            quantity.add(line.quantity)
            guard let price = line.price ?? cataloguePrice(of: line) else { continue }
            guard let amount = price.multiplied(by: line.quantity) else {
                isOutside = true
                continue
            }
            value.add(amount)
        }
        return CartHistory.State(
            value: isOutside ? nil : value.value(), lineCount: lines.count, quantity: quantity.value(),
            updated: updated)
    }

    private func cataloguePrice(of line: Line) -> Decimal128? {
        line.productID.flatMap { evaluator.settings.catalogue.value(productID: $0, path: ["price"]) }?.numeric
    }
}
