import EventModel
import Testing

@testable import Connectors

@Suite struct ShopifyTests {
    private static let header =
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
        + "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
        + "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem discount,Billing Name,Billing Address1,"
        + "Billing City,Billing Zip,Billing Country,Cancelled at,Refunded Amount,Vendor,Id,Source,Phone"

    /// Two lines of one order, a refunded one, a cancelled one, a pending one, and one of nobody.
    private static func orders(refunded: String = "10.00") -> String {
        header + "\r\n"
            + "#1044,Mara@Example.com,paid,2025-10-02 17:10:00 -0300,unfulfilled,,yes,EUR,50.00,4.90,0.00,54.90,WELCOME,5.00,"
            + "Standard,2025-10-02 17:09:34 -0300,2,Green tea,20.00,,TEA-1,0.00,Mara Lind,\"Elm Street 1, 2nd floor\",Bremen,"
            + "'01067,DE,,0.00,Leaf & Co,'5551044,web,'+4942100000\r\n"
            + "#1044,,,,,,,,,,,,,,,,1,\"Cup \"\"Sea\"\"\",15.00,,CUP-1,5.00,,,,,,,,Clay,,,\r\n"
            + "#1043,ben@example.org,partially_refunded,2025-09-30 10:00:00 +0200,fulfilled,,no,EUR,119.00,0.00,19.00,119.00,,"
            + "0.00,Express,2025-09-30 10:00:00 +0200,1,Kettle,119.00,,KET-1,0.00,Ben Sand,Oak Road 5,Ulm,89073,DE,,\(refunded),"
            + "Iron,5551043,web,\r\n"
            + "#1042,cleo@example.org,refunded,2025-09-29 10:00:00 +0200,unfulfilled,,no,EUR,30.00,5.00,0.00,35.00,,0.00,Express,"
            + "2025-09-29 10:00:00 +0200,1,Strainer,30.00,,STR-1,0.00,Cleo Moor,,,,,2025-09-29 12:00:00 +0200,35.00,,5551042,web,\r\n"
            + "#1041,dan@example.org,pending,,unfulfilled,,no,EUR,9.00,0.00,0.00,9.00,,0.00,,2025-09-28 10:00:00 +0200,1,Spoon,"
            + "9.00,,SPO-1,0.00,Dan Hay,,,,,,0.00,,5551041,web,\r\n"
            + "#1040,,paid,2025-09-27 10:00:00 +0200,fulfilled,,no,EUR,9.00,0.00,0.00,9.00,,0.00,,2025-09-27 10:00:00 +0200,1,"
            + "Spoon,9.00,,SPO-1,0.00,,,,,,,0.00,,5551040,pos,\r\n"
    }

    @Test func `a Shopify orders export is recognised`() throws {
        let scratch = Scratch()
        let plan = try planImport(scratch.write(Self.orders()))
        #expect(plan.format.title == "Shopify orders")
        #expect(plan.zoneIsAssumed == false)
    }

    @Test func `the lines of an order become one Order Completed with the order's own cells carried forward`()
        async throws
    {
        let scratch = Scratch()
        let sink = MemorySink()
        let summary = try await runImport(scratch.write(Self.orders()), into: sink)
        #expect(summary.rejectedRows == 0)
        let order = try #require(
            sink.events("Order Completed").first { $0.properties["order_id" as Text] == "5551044" })
        #expect(order.userID == "mara@example.com")
        #expect(order.time.iso8601 == "2025-10-02T20:09:34.000Z")
        let expected: JSONValue = [
            "order_id": "5551044", "order_number": "#1044", "revenue": 50, "subtotal": 50,
            "total": .number(Decimal128(jsonNumber: "54.9")!), "tax": 0,
            "shipping": .number(Decimal128(jsonNumber: "4.9")!),
            "discount": 5, "coupon": "WELCOME", "currency": "EUR", "shipping_method": "Standard", "affiliation": "web",
            "products": [
                ["sku": "TEA-1", "name": "Green tea", "brand": "Leaf & Co", "price": 20, "quantity": 2, "amount": 40],
                [
                    "sku": "CUP-1", "name": "Cup \"Sea\"", "brand": "Clay", "price": 15, "quantity": 1, "amount": 10,
                    "discount": 5,
                ],
            ],
        ]
        #expect(JSONValue.object(order.properties) == expected)
    }

    @Test func `revenue leaves tax out whether prices hold it or not`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        try await runImport(scratch.write(Self.orders()), into: sink)
        // #1043: total 119 = subtotal 119 + shipping 0, so its tax of 19 is within.
        let order = try #require(
            sink.events("Order Completed").first { $0.properties["order_id" as Text] == "5551043" })
        #expect(order.properties["revenue" as Text] == 100)
    }

    @Test func `contact data becomes traits at the time of the order, and consent only where it was given`()
        async throws
    {
        let scratch = Scratch()
        let sink = MemorySink()
        try await runImport(scratch.write(Self.orders()), into: sink)
        let identify = try #require(sink.messages.first { $0.kind == .identify && $0.userID == "mara@example.com" })
        #expect(identify.time.iso8601 == "2025-10-02T20:09:34.000Z")
        let expected: JSONValue = [
            "email": "Mara@Example.com", "phone": "+4942100000", "name": "Mara Lind",
            "address": [
                "street": "Elm Street 1, 2nd floor", "city": "Bremen", "postalCode": "01067", "country": "DE",
            ],
        ]
        #expect(JSONValue.object(identify.traits) == expected)
        #expect(sink.events("Consent Updated").map(\.userID) == ["mara@example.com"])
        #expect(sink.events("Consent Updated").first?.properties["state" as Text] == "granted")
    }

    @Test func `a refund and a cancellation are facts of their own`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        try await runImport(scratch.write(Self.orders()), into: sink)
        let refunds = sink.events("Order Refunded")
        #expect(refunds.map { $0.properties["order_id" as Text] } == ["5551043", "5551042"])
        #expect(refunds.map { $0.properties["total" as Text] } == [10, 35])
        let cancelled = sink.events("Order Cancelled")
        #expect(cancelled.count == 1)
        #expect(cancelled.first?.time.iso8601 == "2025-09-29T10:00:00.000Z")
        // The order was paid before it was cancelled: it is a fact too.
        #expect(sink.events("Order Completed").count == 4)
    }

    @Test func `an order that was not paid passes by, and is counted`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let summary = try await runImport(scratch.write(Self.orders()), into: sink)
        #expect(summary.passedOver == ["order not paid (pending)": 1])
        #expect(!sink.messages.contains { $0.userID == "dan@example.org" })
    }

    @Test func `an order of nobody has a profile of its own`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        try await runImport(scratch.write(Self.orders()), into: sink)
        let order = try #require(
            sink.events("Order Completed").first { $0.properties["order_id" as Text] == "5551040" })
        #expect(order.userID == nil && order.anonymousID == "shopify-order-#1040")
    }

    @Test func `importing again changes nothing, in any order and under any name`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let first = try await runImport(scratch.write(Self.orders()), into: sink)
        let lines = Self.orders().split(separator: "\r\n").map(String.init)
        let turned = [lines[0]] + lines.dropFirst(3).reversed() + lines[1...2]
        let path = scratch.write(turned.joined(separator: "\n"), as: "other name.csv")
        let again = try await runImport(path, into: sink)
        #expect(again.taken == 0)
        #expect(again.duplicates == first.taken)
    }

    @Test func `a later export with a higher refund adds only the difference`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        try await runImport(scratch.write(Self.orders(refunded: "10.00")), into: sink)
        try await runImport(scratch.write(Self.orders(refunded: "25.50")), into: sink)
        try await runImport(scratch.write(Self.orders(refunded: "25.5")), into: sink)
        let refunds = sink.events("Order Refunded").filter { $0.properties["order_id" as Text] == "5551043" }
        #expect(refunds.map { $0.properties["total" as Text]?.decimal?.description } == ["10", "15.5"])
    }

    @Test func `headers in other cases, without spaces and in other orders are the same`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            "CANCELED-AT;lineitem SKU;lineitem_quantity;LINEITEM NAME;lineitem price;created at;NAME;email;total\n"
            + ";A;1;Tea;5,50;2025-10-02 17:09:34 -0300;#1;eve@example.com;5,50\n"
        let summary = try await runImport(scratch.write(text), into: sink)
        #expect(summary.format == "Shopify orders")
        #expect(sink.events("Order Completed").first?.properties["revenue" as Text]?.decimal?.description == "5.5")
        #expect(sink.events("Order Completed").first?.properties["order_id" as Text] == "#1")
    }

    @Test func `an order with a line that can't be read is rejected as a whole`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            "Name,Email,Created at,Lineitem quantity,Lineitem name,Lineitem price,Total\n"
            + "#1,a@example.com,2025-10-02 17:09:34 -0300,1,Tea,5.00,8.00\n#1,,,one,Cup,3.00,\n"
            + "#2,b@example.com,2025-10-02 17:09:34 -0300,1,Tea,5.00,5.00\n"
        let summary = try await runImport(scratch.write(text), into: sink)
        #expect(summary.rejected == ["bad-number": 2])
        #expect(sink.events("Order Completed").map(\.userID) == ["b@example.com"])
    }

    private static let customers =
        "First Name,Last Name,Email,Accepts Email Marketing,Company,Address1,City,Zip,Phone,Accepts SMS Marketing,"
        + "Total Spent,Total Orders,Tags,Note,Tax Exempt,Customer ID\n"
        + "Mara,Lind,mara@example.com,yes,,Elm Street 1,Bremen,'01067,'+4942100000,no,54.90,1,\"vip, tea\",,no,'7701\n"

    @Test func `a Shopify customers export becomes traits and consents`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let summary = try await runImport(scratch.write(Self.customers), into: sink)
        #expect(summary.format == "Shopify customers")
        let identify = try #require(sink.messages.first { $0.kind == .identify })
        #expect(identify.userID == "mara@example.com" && identify.time == importDay)
        #expect(identify.traits["tags" as Text] == ["vip", "tea"])
        #expect(identify.traits["customer_id" as Text] == "7701")
        #expect(identify.traits["total_orders" as Text] == 1)
        let consents = sink.events("Consent Updated").map {
            [$0.properties["purpose" as Text], $0.properties["state" as Text]]
        }
        #expect(consents == [["email", "granted"], ["sms", "denied"]])
    }

    @Test func `a customer who changes and changes back is three facts, and none when nothing changed`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let no = Self.customers.replacing("example.com,yes", with: "example.com,no")
        for (day, text) in [Self.customers, Self.customers, no, no, Self.customers].enumerated() {
            try await runImport(
                scratch.write(text), into: sink, at: importDay.adding(milliseconds: Int64(day) * 86_400_000))
        }
        let states = sink.events("Consent Updated").filter { $0.properties["purpose" as Text] == "email" }
            .map { $0.properties["state" as Text] }
        #expect(states == ["granted", "denied", "granted"])
        #expect(sink.messages.filter { $0.kind == .identify }.count == 1)
    }
}
