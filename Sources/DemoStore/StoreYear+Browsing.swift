/// The products a shopper looked at in a visit; at most eight are remembered.
struct SeenProducts {
    private(set) var products: [8 of UInt16] = .init(repeating: 0)
    private(set) var count = 0

    mutating func insert(_ product: UInt16) {
        guard count < products.count else { return }
        products[count] = product
        count += 1
    }
}

extension StoreYear {
    /// Time passes between two messages of a visit: about `seconds`, and never so much that the visit ends.
    mutating func wait(_ seconds: Double, _ shopper: inout Shopper, _ visit: inout VisitState) {
        visit.time += min(1_200_000, 900 + Int64(shopper.random.exponential(mean: seconds * 1_000)))
    }

    /// The first page of a visit.
    mutating func land(_ shopper: inout Shopper, _ visit: inout VisitState) {
        if visit.device == 0, shopper.flags.contains(.oldApp) {
            envelope("screen", &shopper, &visit)
            line.literal(",\"name\":\"Start\",\"properties\":{")
        } else if shopper.random.chance(0.7) {
            page("Home", path: "/", &shopper, &visit)
        } else {
            page("Campaign", path: "/welcome", &shopper, &visit)
        }
        finish(&shopper, &visit)
        wait(12, &shopper, &visit)
    }

    /// Looks around: lists, searches and products.
    mutating func browse(_ persona: Persona, _ shopper: inout Shopper, _ visit: inout VisitState) -> SeenProducts {
        var seen = SeenProducts()
        let day = calendar.days[today]
        if day.sale != nil, shopper.random.chance(0.35) {
            lookAtPromotion(&shopper, &visit)
        }
        var category = wantedCategory(&shopper)
        let views = Int(shopper.random.exponential(mean: persona.looksAt) + 0.5)
        if views == 0, shopper.random.chance(0.4) {
            lookAtList(category, &shopper, &visit)
        }
        for view in 0..<min(views, 12) {
            if view > 0, shopper.random.chance(0.22) { category = wantedCategory(&shopper) }
            let way = shopper.random.unit()
            if way < 0.28 {
                lookAtList(category, &shopper, &visit)
            } else if way < 0.42 {
                search(category, &shopper, &visit)
            }
            let product = choose(in: category, persona, &shopper)
            lookAt(product, &shopper, &visit)
            seen.insert(UInt16(product))
            if shopper.random.chance(0.025) {
                track("Product Added to Wishlist", &shopper, &visit)
                line.bytes(catalogue.products[product].shortJSON)
                finish(&shopper, &visit)
                wait(15, &shopper, &visit)
            }
        }
        return seen
    }

    /// Mostly one of the shopper's favourites, else what is popular this month.
    func wantedCategory(_ shopper: inout Shopper) -> Int {
        switch shopper.random.unit() {
        case ..<0.5: Int(shopper.favourites.0)
        case ..<0.75: Int(shopper.favourites.1)
        case ..<0.87: Int(shopper.favourites.2)
        default: shopper.random.pick(catalogue.categoriesByMonth[calendar.days[today].month - 1])
        }
    }

    /// A product of the category: a popular one, the dearer or cheaper of two where the shopper has a taste for it.
    func choose(in category: Int, _ persona: Persona, _ shopper: inout Shopper) -> Int {
        let first = category * ShopCatalogue.productsPerCategory
        var best = first + shopper.random.pick(catalogue.withinCategory)
        for _ in 0..<abs(persona.taste) {
            let other = first + shopper.random.pick(catalogue.withinCategory)
            let isDearer = catalogue.products[other].price > catalogue.products[best].price
            if isDearer == (persona.taste > 0) { best = other }
        }
        return best
    }

    /// The price of today, in cents.
    func price(of product: Int) -> Int {
        let list = catalogue.products[product].price
        let percent = calendar.days[today].sale?.discount(onCategory: catalogue.products[product].category) ?? 0
        return list - list * percent / 100
    }

    private mutating func lookAtPromotion(_ shopper: inout Shopper, _ visit: inout VisitState) {
        guard let sale = calendar.days[today].sale else { return }
        for event: (StaticString, StaticString) in [
            ("Promotion Viewed", "Viewed Promotion"), ("Promotion Clicked", "Clicked Promotion"),
        ] {
            track(event.0, old: event.1, &shopper, &visit)
            line.literal("\"promotion_id\":\"")
            line.literal(sale.name)
            line.literal("\",\"creative\":\"banner\",\"position\":\"home-top\"")
            finish(&shopper, &visit)
            wait(6, &shopper, &visit)
            if shopper.random.chance(0.6) { return }
        }
    }

    private mutating func lookAtList(_ category: Int, _ shopper: inout Shopper, _ visit: inout VisitState) {
        track("Product List Viewed", old: "Viewed Product Category", &shopper, &visit)
        line.literal("\"list_id\":\"category-")
        line.integer(category + 1)
        line.literal("\",\"category\":\"")
        line.text(ShopCategory.all[category].name)
        line.literal("\",\"products\":[")
        let first = category * ShopCatalogue.productsPerCategory
        let offset = shopper.random.below(4)
        for position in 0..<4 {
            line.literal(position == 0 ? "{" : ",{")
            line.bytes(catalogue.products[first + (offset + position * 3) % ShopCatalogue.productsPerCategory].idJSON)
            line.literal(",\"position\":")
            line.integer(position + 1)
            line.literal("}")
        }
        line.literal("]")
        finish(&shopper, &visit)
        wait(25, &shopper, &visit)
    }

    private mutating func search(_ category: Int, _ shopper: inout Shopper, _ visit: inout VisitState) {
        track("Products Searched", &shopper, &visit)
        line.literal("\"query\":\"")
        let isVain = shopper.random.chance(0.07)
        let nouns = ShopCategory.all[category].nouns
        line.text(nouns[shopper.random.below(nouns.count)].lowercased())
        if isVain { line.literal(" gift card") }
        line.literal("\",\"results\":")
        line.integer(isVain ? 0 : shopper.random.between(3, 16))
        finish(&shopper, &visit)
        wait(14, &shopper, &visit)
    }

    mutating func lookAt(_ product: Int, _ shopper: inout Shopper, _ visit: inout VisitState) {
        track("Product Viewed", old: "Viewed Product", &shopper, &visit)
        line.bytes(catalogue.products[product].shortJSON)
        line.literal(",\"price\":")
        line.cents(price(of: product))
        line.literal(",\"currency\":\"EUR\"")
        finish(&shopper, &visit)
        wait(45, &shopper, &visit)
    }
}
