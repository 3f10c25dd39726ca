/// When a category sells best.
enum SellingSeason: UInt8, Sendable {
    case always, spring, summer, winter, christmas

    /// How much more than usual it sells in that month (1...12).
    func factor(month: Int) -> Double {
        switch self {
        case .always: 1
        case .spring: (3...5).contains(month) ? 2.2 : 0.7
        case .summer: (5...8).contains(month) ? 2.4 : 0.6
        case .winter: month >= 10 || month <= 2 ? 1.9 : 0.6
        case .christmas: month >= 11 ? 2.6 : 0.8
        }
    }
}

/// A line of the demonstration store.
struct ShopCategory: Sendable {
    let name: String
    /// Three letters that the SKUs begin with.
    let code: String
    /// What the products are called, four words.
    let nouns: [String]
    /// Lowest and highest list price, in cents.
    let price: ClosedRange<Int>
    /// How popular it is among the categories.
    let weight: Double
    let season: SellingSeason
    /// Several are bought at once.
    let isConsumed: Bool
    /// Comes in sizes.
    let hasSizes: Bool

    init(
        _ name: String, _ code: String, _ nouns: [String], _ price: ClosedRange<Int>, _ weight: Double,
        _ season: SellingSeason = .always, isConsumed: Bool = false, hasSizes: Bool = false
    ) {
        self.name = name
        self.code = code
        self.nouns = nouns
        self.price = price
        self.weight = weight
        self.season = season
        self.isConsumed = isConsumed
        self.hasSizes = hasSizes
    }

    static let all: [ShopCategory] = [
        ShopCategory(
            "Coffee", "COF", ["Espresso", "Filter Roast", "Decaf", "Beans"], 690...2490, 1.6, isConsumed: true),
        ShopCategory(
            "Tea", "TEA", ["Green Tea", "Black Tea", "Herb Tea", "Chai"], 390...1890, 1.0, .winter, isConsumed: true),
        ShopCategory(
            "Kitchen Knives", "KNI", ["Chef Knife", "Bread Knife", "Paring Knife", "Knife Set"], 1990...18900, 0.6,
            .christmas),
        ShopCategory("Cookware", "COO", ["Saucepan", "Frying Pan", "Stock Pot", "Casserole"], 2490...22900, 0.9),
        ShopCategory("Tableware", "TAB", ["Plate", "Bowl", "Mug", "Glass"], 590...5900, 1.0),
        ShopCategory("Bed Linen", "BED", ["Duvet Cover", "Sheet", "Pillowcase", "Blanket"], 1990...14900, 0.8),
        ShopCategory("Towels", "TOW", ["Hand Towel", "Bath Towel", "Beach Towel", "Bath Mat"], 890...4900, 0.7),
        ShopCategory(
            "Candles", "CAN", ["Scented Candle", "Pillar Candle", "Tealights", "Lantern"], 490...3900, 1.1, .christmas,
            isConsumed: true),
        ShopCategory("Plants", "PLA", ["Monstera", "Fern", "Olive Tree", "Herb Pot"], 790...8900, 0.8, .spring),
        ShopCategory("Garden Tools", "GAR", ["Spade", "Pruner", "Watering Can", "Gloves"], 990...7900, 0.7, .spring),
        ShopCategory(
            "Hiking Shoes", "HIK", ["Trail Shoe", "Hiking Boot", "Approach Shoe", "Sandal"], 6990...22900, 0.7, .summer,
            hasSizes: true),
        ShopCategory(
            "Backpacks", "BAC", ["Day Pack", "Trekking Pack", "Hip Bag", "Travel Bag"], 2990...19900, 0.7, .summer),
        ShopCategory("Tents", "TEN", ["Dome Tent", "Tarp", "Sleeping Bag", "Mat"], 3990...49900, 0.4, .summer),
        ShopCategory("Cycling", "CYC", ["Helmet", "Light", "Pannier", "Lock"], 1490...15900, 0.8, .spring),
        ShopCategory("Yoga", "YOG", ["Yoga Mat", "Block", "Strap", "Bolster"], 990...8900, 0.6),
        ShopCategory(
            "Running Shoes", "RUN", ["Road Shoe", "Racer", "Trainer", "Winter Shoe"], 6990...18900, 1.0, hasSizes: true),
        ShopCategory(
            "Shirts", "SHI", ["Linen Shirt", "Oxford Shirt", "T-Shirt", "Polo"], 1490...8900, 1.5, hasSizes: true),
        ShopCategory(
            "Knitwear", "KNT", ["Pullover", "Cardigan", "Scarf", "Hat"], 1990...15900, 1.0, .winter, hasSizes: true),
        ShopCategory(
            "Jackets", "JAC", ["Rain Jacket", "Down Jacket", "Fleece", "Vest"], 4990...32900, 0.9, .winter,
            hasSizes: true),
        ShopCategory(
            "Skin Care", "SKI", ["Face Cream", "Cleanser", "Serum", "Sun Cream"], 690...6900, 1.4, isConsumed: true),
        ShopCategory(
            "Hair Care", "HAI", ["Shampoo", "Conditioner", "Hair Oil", "Brush"], 590...3900, 1.1, isConsumed: true),
        ShopCategory(
            "Toys", "TOY", ["Building Blocks", "Puzzle", "Wooden Train", "Plush Seal"], 990...8900, 0.9, .christmas),
        ShopCategory(
            "Board Games", "GAM", ["Card Game", "Strategy Game", "Family Game", "Dice Game"], 1290...6900, 0.8,
            .christmas),
        ShopCategory("Books", "BOO", ["Cookbook", "Travel Guide", "Novel", "Notebook"], 890...4900, 1.2),
        ShopCategory(
            "Headphones", "HEA", ["Earbuds", "Studio Headphones", "Speaker", "Case"], 1990...34900, 0.7, .christmas),
    ]
}
