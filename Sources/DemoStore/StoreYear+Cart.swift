extension StoreYear {
    /// Puts some of what was seen into the cart, and sometimes takes something out again.
    mutating func fillCart(
        from seen: SeenProducts, _ persona: Persona, _ shopper: inout Shopper, _ visit: inout VisitState
    ) {
        let wanted = 1 + min(3, Int(shopper.random.exponential(mean: 0.75)))
        for number in 0..<wanted {
            let product: Int
            if number < seen.count {
                product = Int(seen.products[seen.count - 1 - number])
            } else {
                product = choose(in: wantedCategory(&shopper), persona, &shopper)
                lookAt(product, &shopper, &visit)
            }
            add(product, &shopper, &visit)
        }
        if shopper.cartCount > 1, shopper.random.chance(0.12) {
            removeLine(shopper.random.below(Int(shopper.cartCount)), &shopper, &visit)
        }
    }

    private mutating func add(_ product: Int, _ shopper: inout Shopper, _ visit: inout VisitState) {
        let category = ShopCategory.all[catalogue.products[product].category]
        let quantity = category.isConsumed && shopper.random.chance(0.4) ? shopper.random.between(2, 4) : 1
        let line = CartLine(
            product: UInt16(product), size: category.hasSizes ? shopper.size : 0, quantity: UInt8(quantity))
        guard put(line, into: &shopper) else { return }
        track("Product Added", old: "Added Product", &shopper, &visit)
        writeCartID(shopper)
        self.line.literal(",")
        write(line, price: price(of: product))
        finish(&shopper, &visit)
        wait(20, &shopper, &visit)
    }

    /// False when the cart is full.
    private func put(_ line: CartLine, into shopper: inout Shopper) -> Bool {
        for index in 0..<Int(shopper.cartCount) where shopper.cart[index].isSameLine(as: line) {
            shopper.cart[index].quantity += line.quantity
            return shopper.cart[index].quantity < 100
        }
        guard Int(shopper.cartCount) < shopper.cart.count else { return false }
        shopper.cart[Int(shopper.cartCount)] = line
        shopper.cartCount += 1
        return true
    }

    private mutating func removeLine(_ index: Int, _ shopper: inout Shopper, _ visit: inout VisitState) {
        let line = shopper.cart[index]
        track("Product Removed", old: "Removed Product", &shopper, &visit)
        writeCartID(shopper)
        self.line.literal(",")
        write(line, price: price(of: Int(line.product)))
        finish(&shopper, &visit)
        wait(10, &shopper, &visit)
        shopper.cartCount -= 1
        shopper.cart[index] = shopper.cart[Int(shopper.cartCount)]
    }

    mutating func viewCart(_ shopper: inout Shopper, _ visit: inout VisitState) {
        track("Cart Viewed", &shopper, &visit)
        writeCartID(shopper)
        line.literal(",")
        writeCartProducts(shopper, atListPrice: false)
        finish(&shopper, &visit)
        wait(20, &shopper, &visit)
    }

    /// Leaves with something in the cart, perhaps in the middle of the checkout; a reminder may follow.
    mutating func abandonCart(_ index: Int, _ shopper: inout Shopper, _ visit: inout VisitState) {
        guard shopper.cartCount > 0 else { return }
        if shopper.random.chance(0.5) { viewCart(&shopper, &visit) }
        if shopper.random.chance(0.4) {
            startCheckout(Totals(shopper, self, couponPercent: 0), &shopper, &visit)
            for step in 1...3 where !shopper.random.chance(0.4 * Double(step)) {
                passCheckoutStep(step, &shopper, &visit)
            }
        }
        if shopper.flags.contains(.takesEmail), shopper.random.chance(0.8) {
            let wait = Int64(shopper.random.between(3, 22)) * ShopCalendar.millisecondsPerHour
            arrange(Appointment(time: visit.time + wait, shopper: index, kind: .cartReminder))
        }
    }

    // MARK: - Writing

    mutating func writeCartID(_ shopper: Shopper) {
        line.literal("\"cart_id\":\"cart-")
        line.digits(UInt(shopper.number), atLeast: 5)
        line.literal("\"")
    }

    /// `"products":[...]` of the whole cart.
    mutating func writeCartProducts(_ shopper: Shopper, atListPrice: Bool) {
        line.literal("\"products\":[")
        for index in 0..<Int(shopper.cartCount) {
            let product = Int(shopper.cart[index].product)
            line.literal(index == 0 ? "{" : ",{")
            write(shopper.cart[index], price: atListPrice ? catalogue.products[product].price : price(of: product))
            line.literal("}")
        }
        line.literal("]")
    }

    mutating func write(_ item: CartLine, price: Int) {
        line.bytes(catalogue.products[Int(item.product)].shortJSON)
        if item.size > 0 {
            line.literal(",\"variant\":\"")
            line.literal(Shopper.sizes[Int(item.size)])
            line.literal("\"")
        }
        line.literal(",\"price\":")
        line.cents(price)
        line.literal(",\"quantity\":")
        line.integer(Int(item.quantity))
    }
}
