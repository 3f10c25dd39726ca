import Columns
import EventModel
import EventStore

/// Reads the items of the orders of a block, with the catalogue behind them.
struct OrderItems {
    /// What must be read of orders.
    static let paths = ["product_id", "amount", "price", "quantity", "category", "name"].map {
        PropertyPath(.items, [$0])
    }

    struct Item {
        /// The number of the product's id; negative without one.
        let product: Int32
        /// The number of the category; negative without one.
        let category: Int32
        /// 1 where none is given.
        let quantity: Decimal128
        /// Of the whole line: its `amount`, as imports of item lines keep it, else price by quantity. Nil without either, or
        /// out of range.
        let revenue: Decimal128?
        let name: Text?
    }

    /// The columns of the items that stand in the table, or of events that are their own item.
    private struct Source {
        var product: ColumnValues?
        var category: ColumnValues?
        let amount: ColumnNumbers?
        let price: ColumnNumbers?
        let quantity: ColumnNumbers?
        let name: Column?

        init(_ block: HistoryBlock, _ scope: PropertyPath.Scope) {
            func column(_ name: Text) -> Column? { block.column(PropertyPath(scope, [name])) }
            product = column("product_id").map { ColumnValues($0) }
            category = column("category").map { ColumnValues($0) }
            amount = column("amount").map { ColumnNumbers($0) }
            price = column("price").map { ColumnNumbers($0) }
            quantity = column("quantity").map { ColumnNumbers($0) }
            name = column("name")
        }
    }

    private let block: HistoryBlock
    private let flags: [UInt8]
    private var items: Source
    private var own: Source

    init(_ block: HistoryBlock) {
        self.block = block
        flags = block.flags
        items = Source(block, .items)
        own = Source(block, .properties)
    }

    /// Calls `body` with each item of a row.
    mutating func forEachItem(of row: Int, _ goods: inout SoldGoods, _ body: (Item, inout SoldGoods) -> Void) {
        if flags[row] & HistoryBlock.Flag.ownItem != 0 { return body(Self.item(row, &own, &goods), &goods) }
        guard flags[row] & HistoryBlock.Flag.storedItems != 0 else { return }
        for item in block.itemOffsets[row]..<block.itemOffsets[row + 1] {
            body(Self.item(Int(item), &items, &goods), &goods)
        }
    }

    private static func item(_ place: Int, _ source: inout Source, _ goods: inout SoldGoods) -> Item {
        let product = source.product?.number(at: place, &goods.productIDs) ?? -1
        var category = source.category?.number(at: place, &goods.categoryNames) ?? -1
        if category < 0 { category = goods.catalogueCategory(of: product) }
        let quantity = source.quantity?.number(at: place) ?? 1
        var revenue = source.amount?.number(at: place)
        if revenue == nil {
            let price = source.price?.number(at: place) ?? goods.cataloguePrice(of: product)
            revenue = price?.multiplied(by: quantity)
        }
        var name: Text?
        if case .string(let text) = source.name?.cell(at: place) ?? .missing { name = text }
        return Item(
            product: product, category: category, quantity: quantity,
            revenue: revenue, name: name)
    }
}
