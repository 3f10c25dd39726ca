/// A product of the demonstration store, with the JSON that messages say of it made once.
struct ShopProduct: Sendable {
    let category: Int
    /// List price in cents.
    let price: Int
    /// What the store pays, in cents.
    let cost: Int
    let stock: Int
    let name: String
    let brand: String
    /// `"product_id":"P-0001"`
    let idJSON: [UInt8]
    /// As `idJSON`, with SKU, category and name.
    let shortJSON: [UInt8]
    /// The last part of its address: `p-0001`.
    let slug: [UInt8]
}

/// Some 400 products in 25 categories, of skewed popularity, the same for a given seed.
struct ShopCatalogue: Sendable {
    let products: [ShopProduct]
    /// Category `c` holds the products `c * productsPerCategory ..< (c + 1) * productsPerCategory`.
    static let productsPerCategory = 16
    /// Popularity within a category, in running totals: the first product sells several times as often as the last.
    let withinCategory: [Double]
    /// Popularity of the categories by month (index 0 is January), in running totals.
    let categoriesByMonth: [[Double]]

    static let brands = ["Alder", "Brine", "Cobalt", "Drift", "Ember", "Fathom", "Grove", "Heron", "Inlet", "Juniper"]
    private static let lines = ["Classic", "Everyday", "Compact", "Pure", "Nordic", "Atelier", "Studio", "Reserve"]

    init(seed: UInt64) {
        var random = DemoRandom(seed: seed, stream: .max)
        var products: [ShopProduct] = []
        for (index, category) in ShopCategory.all.enumerated() {
            for place in 0..<ShopCatalogue.productsPerCategory {
                products.append(ShopCatalogue.product(place, of: category, index, &random))
            }
        }
        self.products = products
        withinCategory = runningTotals((0..<ShopCatalogue.productsPerCategory).map { 1 / Double($0 + 2) })
        categoriesByMonth = (1...12).map { month in
            runningTotals(ShopCategory.all.map { $0.weight * $0.season.factor(month: month) })
        }
    }

    private static func product(
        _ place: Int, of category: ShopCategory, _ index: Int, _ random: inout DemoRandom
    ) -> ShopProduct {
        let number = index * productsPerCategory + place + 1
        // Squaring makes cheap products more frequent than dear ones; prices end in 90 cents.
        let share = random.unit()
        let span = Double(category.price.upperBound - category.price.lowerBound)
        let raw = category.price.lowerBound + Int(span * share * share)
        let price = max(190, raw / 100 * 100 - 10)
        let brand = brands[random.below(brands.count)]
        let line = lines[place % lines.count]
        let noun = category.nouns[place / 2 % category.nouns.count]
        let name = "\(brand) \(line) \(noun)" + (place >= lines.count ? " II" : "")
        let digits = padded(number, to: 4)
        let id = "\"product_id\":\"P-\(digits)\""
        let sku = "\(category.code)-\(padded(place + 1, to: 3))"
        return ShopProduct(
            category: index,
            price: price,
            cost: price * random.between(35, 65) / 100,
            stock: random.chance(0.05) ? 0 : random.between(3, 400),
            name: name,
            brand: brand,
            idJSON: Array(id.utf8),
            shortJSON: Array("\(id),\"sku\":\"\(sku)\",\"category\":\"\(category.name)\",\"name\":\"\(name)\"".utf8),
            slug: Array("p-\(digits)".utf8))
    }

    /// The catalogue as JSON Lines, one product object a line.
    var jsonLines: [UInt8] {
        var writer = JSONLineWriter()
        for product in products {
            writer.literal("{")
            writer.bytes(product.shortJSON)
            writer.literal(",\"brand\":\"")
            writer.text(product.brand)
            writer.literal("\",\"price\":")
            writer.cents(product.price)
            writer.literal(",\"cost\":")
            writer.cents(product.cost)
            writer.literal(",\"stock\":")
            writer.integer(product.stock)
            writer.literal(",\"url\":\"https://shop.example/products/")
            writer.bytes(product.slug)
            writer.literal("\",\"image_url\":\"https://shop.example/images/")
            writer.bytes(product.slug)
            writer.literal(".jpg\"}\n")
        }
        return writer.buffer
    }
}

/// The number in decimal with leading zeros, `width` digits or more.
func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
