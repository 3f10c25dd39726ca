/// The amounts of an order, in cents.
struct Totals {
    /// Sum of list price times quantity.
    var list = 0
    /// Off by sale and coupon together.
    var discount = 0
    var shipping = 0
    var tax = 0
    var couponPercent: Int

    /// After discounts, without shipping and tax.
    var revenue: Int { list - discount }
    var total: Int { revenue + shipping + tax }

    init(_ shopper: Shopper, _ store: StoreYear, couponPercent: Int) {
        self.couponPercent = couponPercent
        var selling = 0
        for index in 0..<Int(shopper.cartCount) {
            let line = shopper.cart[index]
            list += store.catalogue.products[Int(line.product)].price * Int(line.quantity)
            selling += store.price(of: Int(line.product)) * Int(line.quantity)
        }
        discount = list - selling + selling * couponPercent / 100
        shipping = revenue < 5_000 ? 495 : 0
        tax = (revenue * 19 + 50) / 100
    }
}

extension StoreYear {
    private static let steps: [StaticString] = ["address", "shipping", "payment"]

    /// From the cart to the order, and what will come of the order.
    mutating func checkOut(
        _ persona: Persona, hasCoupon: Bool, _ index: Int, _ shopper: inout Shopper, _ visit: inout VisitState
    ) {
        guard shopper.cartCount > 0 else { return }
        if shopper.random.chance(0.6) { viewCart(&shopper, &visit) }
        var coupon = hasCoupon ? [10, 15, 20][shopper.random.pick([6, 9, 10])] : 0
        if coupon > 0, !enterCoupon(coupon, persona, &shopper, &visit) { coupon = 0 }
        let totals = Totals(shopper, self, couponPercent: coupon)
        startCheckout(totals, &shopper, &visit)
        if shopper.random.chance(0.85) { signUp(index, &shopper, &visit) }
        for step in 1...3 { passCheckoutStep(step, &shopper, &visit) }

        ordersTaken += 1
        let number = 100_000 + ordersTaken
        completeOrder(number, totals, &shopper, &visit)
        if shopper.random.chance(0.004) {
            // The thank-you page was loaded again: the same order under another message id.
            visit.time += Int64(shopper.random.between(20_000, 600_000))
            completeOrder(number, totals, &shopper, &visit)
        }
        let line = shopper.cart[shopper.random.below(Int(shopper.cartCount))]
        let listPart = catalogue.products[Int(line.product)].price * Int(line.quantity)
        let order = Appointment.Order(
            number: number, revenue: totals.revenue,
            part: totals.list > 0 ? listPart * totals.revenue / totals.list : 0,
            line: line, device: visit.device)
        shopper.cartCount = 0
        shopper.flags.insert(.boughtOnce)
        arrangeAftermath(of: order, persona, index, &shopper, after: visit.time)
    }

    /// True when the coupon is taken. Who is refused tries another one.
    private mutating func enterCoupon(
        _ percent: Int, _ persona: Persona, _ shopper: inout Shopper, _ visit: inout VisitState
    ) -> Bool {
        if shopper.random.chance(persona.waitsForDiscount ? 0.12 : 0.05) {
            writeCoupon("Coupon Denied", 25, &shopper, &visit)
            if shopper.random.chance(0.3) { writeCoupon("Coupon Denied", 30, &shopper, &visit) }
        }
        writeCoupon("Coupon Entered", percent, &shopper, &visit)
        writeCoupon("Coupon Applied", percent, &shopper, &visit)
        return true
    }

    private mutating func writeCoupon(
        _ event: StaticString, _ percent: Int, _ shopper: inout Shopper, _ visit: inout VisitState
    ) {
        track(event, &shopper, &visit)
        writeCartID(shopper)
        line.literal(",\"coupon_id\":\"")
        writeCouponName(percent)
        line.literal(percent > 20 ? "\",\"reason\":\"expired\"" : "\"")
        finish(&shopper, &visit)
        wait(8, &shopper, &visit)
    }

    /// `SAVE10`, `SAVE15` ...
    private mutating func writeCouponName(_ percent: Int) {
        line.literal("SAVE")
        line.integer(percent)
    }

    mutating func startCheckout(_ totals: Totals, _ shopper: inout Shopper, _ visit: inout VisitState) {
        track("Checkout Started", old: "Started Order", &shopper, &visit)
        writeCheckoutID(shopper)
        line.literal(",\"value\":")
        line.cents(totals.revenue)
        line.literal(",\"currency\":\"EUR\",")
        writeCartProducts(shopper, atListPrice: false)
        finish(&shopper, &visit)
        wait(30, &shopper, &visit)
    }

    mutating func passCheckoutStep(_ step: Int, _ shopper: inout Shopper, _ visit: inout VisitState) {
        if step == 3 {
            track("Payment Info Entered", &shopper, &visit)
        } else {
            track("Checkout Step Completed", old: "Completed Checkout Step", &shopper, &visit)
        }
        writeCheckoutID(shopper)
        line.literal(",\"step\":")
        line.integer(step)
        line.literal(",\"name\":\"")
        line.literal(StoreYear.steps[step - 1])
        line.literal(shopper.number % 3 == 0 ? "\",\"payment_method\":\"card\"" : "\",\"payment_method\":\"paypal\"")
        finish(&shopper, &visit)
        wait(35, &shopper, &visit)
    }

    private mutating func writeCheckoutID(_ shopper: Shopper) {
        line.literal("\"checkout_id\":\"checkout-")
        line.digits(UInt(shopper.number), atLeast: 5)
        line.literal("\"")
    }

    private mutating func completeOrder(
        _ number: Int, _ totals: Totals, _ shopper: inout Shopper, _ visit: inout VisitState
    ) {
        track("Order Completed", old: "Completed Order", &shopper, &visit)
        line.literal("\"order_id\":\"")
        line.integer(number)
        line.literal("\",\"revenue\":")
        line.cents(totals.revenue)
        line.literal(",\"subtotal\":")
        line.cents(totals.revenue)
        line.literal(",\"total\":")
        line.cents(totals.total)
        line.literal(",\"tax\":")
        line.cents(totals.tax)
        line.literal(",\"shipping\":")
        line.cents(totals.shipping)
        line.literal(",\"discount\":")
        line.cents(totals.discount)
        if totals.couponPercent > 0 {
            line.literal(",\"coupon\":\"")
            writeCouponName(totals.couponPercent)
            line.literal("\"")
        }
        line.literal(",\"currency\":\"EUR\",")
        writeCartProducts(shopper, atListPrice: true)
        finish(&shopper, &visit)
        visit.time += 1_000
    }
}
