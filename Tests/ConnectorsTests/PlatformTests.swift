import EventModel
import Testing

@testable import Connectors

@Suite struct WooCommerceTests {
    private static let header =
        "order_id,order_number,order_date,paid_date,status,shipping_total,shipping_tax_total,fee_total,tax_total,"
        + "discount_total,order_total,order_subtotal,order_currency,payment_method_title,customer_id,customer_email,"
        + "billing_first_name,billing_last_name,billing_city,coupon_items,refund_items"

    @Test func `one row per order has its lines in numbered cells`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            Self.header + ",line_item_1,line_item_2\n"
            + "501,1501,03/04/2025 16:29:00,03/04/2025 16:30:00,wc-completed,5.00,0.95,0.00,8.55,2.00,53.55,42.00,EUR,Card,12,"
            + "Ada@example.com,Ada,Stone,Kiel,code:SPRING|amount:2.00,,"
            + "name:Tea: green|product_id:77|sku:T-1|quantity:2|total:30.00|sub_total:31.00,"
            + "name:Cup|product_id:78|sku:|quantity:1|total:10.00|sub_total:11.00\n"
        let summary = try await runImport(scratch.write(text), into: sink)
        #expect(summary.format == "WooCommerce orders" && summary.rejectedRows == 0)
        let order = try #require(sink.events("Order Completed").first)
        #expect(order.userID == "ada@example.com")
        #expect(order.time.iso8601 == "2025-03-04T16:29:00.000Z")
        let expected: JSONValue = [
            "order_id": "501", "order_number": "1501", "revenue": 40, "subtotal": 40,
            "total": .number(Decimal128(jsonNumber: "53.55")!), "tax": .number(Decimal128(jsonNumber: "8.55")!),
            "shipping": 5,
            "discount": 2, "coupon": "SPRING", "currency": "EUR", "payment_method": "Card",
            "products": [
                ["product_id": "77", "sku": "T-1", "name": "Tea: green", "price": 15, "quantity": 2, "amount": 30],
                ["product_id": "78", "name": "Cup", "price": 10, "quantity": 1, "amount": 10],
            ],
        ]
        #expect(JSONValue.object(order.properties) == expected)
    }

    @Test func `one row per line item gives the same order`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let order =
            "501,1501,2025-03-04 16:29:00,,processing,5.00,0.95,0.00,8.55,2.00,53.55,42.00,EUR,Card,12,ada@example.com,"
            + "Ada,Stone,Kiel,,"
        let text =
            Self.header + ",item_product_id,item_name,item_sku,item_quantity,item_total\n"
            + "\(order),77,Tea,T-1,2,30.00\n\(order),78,Cup,,1,10.00\n"
        try await runImport(scratch.write(text), into: sink)
        #expect(sink.events("Order Completed").count == 1)
        let products = sink.events("Order Completed").first?.properties["products" as Text]?.elements
        #expect(products?.count == 2)
        #expect(
            products?.first == [
                "product_id": "77", "sku": "T-1", "name": "Tea", "price": 15, "quantity": 2, "amount": 30,
            ])
    }

    @Test(arguments: [
        ("name:A|quantity:1|total:2||name:B; or C|quantity:1|total:3", 2),
        ("name:A|quantity:1|total:2;name:B; or C|quantity:1|total:3", 2),
        ("[{\"name\":\"A\",\"quantity\":1,\"total\":\"2\"},{\"name\":\"B; or C\",\"quantity\":1,\"total\":3}]", 2),
    ]) func `all lines may stand in one cell`(cell: String, count: Int) async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        var writer = CSVWriter()
        writer.append(
            "order_id,order_date,status,order_total,billing_email,line_items".split(separator: ",").map(String.init))
        writer.append(["9", "2025-03-04T16:29:00Z", "completed", "5.00", "a@example.com", cell])
        try await runImport(scratch.write(writer.bytes, as: "woo.csv"), into: sink)
        let products = sink.events("Order Completed").first?.properties["products" as Text]?.elements ?? []
        #expect(products.count == count)
        #expect(products.last?.object?["name" as Text] == "B; or C")
    }

    @Test func `states decide what an order is`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        var text = Self.header + "\n"
        for (number, status, paid, refunds) in [
            (1, "processing", "", ""), (2, "on-hold", "", ""), (3, "wc-pending", "", ""), (4, "failed", "", ""),
            (5, "cancelled", "", ""), (6, "cancelled", "2025-03-04 10:00:00", ""),
            (7, "refunded", "2025-03-04 10:00:00", ""),
            (8, "completed", "", "id:1|reason:late|amount:-2.50|date:2025-03-09 08:00:00"),
        ] {
            text +=
                "\(number),\(number),2025-03-04 09:00:00,\(paid),\(status),0,0,0,0,0,10.00,10.00,EUR,Card,0,"
                + "c\(number)@example.com,,,,,\(refunds)\n"
        }
        let summary = try await runImport(scratch.write(text), into: sink)
        func ids(_ event: Text) -> [String] {
            sink.events(event).compactMap { $0.properties["order_id" as Text]?.text?.string }
        }
        #expect(ids("Order Completed") == ["1", "6", "7", "8"])
        #expect(ids("Order Cancelled") == ["5", "6"])
        #expect(ids("Order Refunded") == ["7", "8"])
        let refunds = sink.events("Order Refunded")
        #expect(refunds.map { $0.properties["total" as Text]?.decimal?.description } == ["10", "2.5"])
        #expect(refunds.last?.time.iso8601 == "2025-03-09T08:00:00.000Z")
        #expect(summary.passedOver.values.reduce(0, +) == 3)
    }
}

@Suite struct WixTests {
    private static let header =
        "\"Order number\",\"Date created\",\"Time\",\"Total order quantity\",\"Contact email\",\"Item\",\"Variant\",\"SKU\",\"Qty\","
        + "\"Quantity refunded\",\"Price\",\"Billing name\",\"Delivery country\",\"Payment status\",\"Coupon code\",\"Shipping rate\","
        + "\"Total tax\",\"Total\",\"Currency\",\"Refunded amount\",\"Fulfillment status\",\"Delivery country\"\n"

    private func order(_ number: String, _ date: String, _ time: String, item: String = "Tea", paid: String = "Paid")
        -> String
    {
        "\"\(number)\",\"\(date)\",\"\(time)\",\"1\",\"fay@example.com\",\"\(item)\",\"Size:L\",\"S-1\",\"2\",\"0\",\"10.00\",\"Fay Rill\","
            + "\"DE\",\"\(paid)\",\"\",\"4.00\",\"3.00\",\"27.00\",\"EUR\",\"0\",\"Fulfilled\",\"DE\"\n"
    }

    @Test func `rows of an order become one order, at the date and time that stand apart`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            Self.header + order("10001", "Dec 8, 2024", "9:15:51 PM")
            + order("10001", "Dec 8, 2024", "9:15:51 PM", item: "Cup")
        let summary = try await runImport(scratch.write(text), into: sink) {
            $0.zone = Zone(identifier: "Europe/Berlin")
        }
        #expect(summary.format == "Wix orders" && summary.rejectedRows == 0)
        let order = try #require(sink.events("Order Completed").first)
        #expect(sink.events("Order Completed").count == 1)
        #expect(order.time.iso8601 == "2024-12-08T20:15:51.000Z")
        #expect(order.properties["revenue" as Text] == 20)
        #expect(order.items.map { $0["name" as Text] } == ["Tea", "Cup"])
        #expect(order.items.first?["variant" as Text] == "Size:L")
    }

    @Test func `the whole file decides whether the day or the month comes first`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        try await runImport(
            scratch.write(Self.header + order("1", "03/04/2025", "10:00") + order("2", "13/04/2025", "10:00")),
            into: sink)
        #expect(
            sink.events("Order Completed").map(\.time.iso8601) == [
                "2025-04-03T10:00:00.000Z", "2025-04-13T10:00:00.000Z",
            ])
    }

    @Test func `dates that nothing decides are asked for`() throws {
        let scratch = Scratch()
        let path = scratch.write(Self.header + order("1", "03/04/2025", "10:00"))
        let error = #expect(throws: ImportError.self) { try planImport(path) }
        #expect(error?.code == "ambiguous-dates" && error?.exitCode == 65)
        #expect(error?.description.contains("--map date_format=@dmy") == true)
        let plan = try planImport(path) { $0.mappings = ["date_format=@mdy"] }
        #expect(plan.context.times.form == .text(.monthDayYear))
    }

    @Test func `a beginning that decides nothing is decided by the rest of the file`() throws {
        let scratch = Scratch()
        var text = Self.header
        for number in 0..<200 { text += order("\(number)", "03/04/2025", "10:00") }
        text += order("999", "04/28/2025", "10:00")
        let plan = try planImport(scratch.write(text)) { $0.sampleBytes = 4096 }
        #expect(plan.context.times.form == .text(.monthDayYear))
    }

    @Test func `unpaid orders pass by`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let summary = try await runImport(
            scratch.write(Self.header + order("1", "2025-04-03", "10:00", paid: "Not Paid")), into: sink)
        #expect(sink.messages.isEmpty && summary.passedOver == ["order not paid (Not Paid)": 1])
    }
}

@Suite struct PlatformVariantTests {
    @Test func `a Shopify export with few columns is one all the same`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            "Name,Phone,Email,Financial Status,Fulfillment Status,Created at,Total\n"
            + "#1,,a@example.com,paid,fulfilled,2025-10-02 17:09:34 -0300,8.00\n"
        let summary = try await runImport(scratch.write(text), into: sink)
        #expect(summary.format == "Shopify orders" && summary.revenue == 8)
    }

    @Test func `another widespread WooCommerce exporter is understood`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            "Order Number,Order Status,Order Date,First Name (Billing),Email (Billing),Order Shipping Amount,Order Total Amount,"
            + "Order Total Tax Amount,SKU,Item #,Item Name,Quantity (- Refund),Item Cost,Coupon Code\n"
            + "77,Completed,2025-04-03 10:00,Ida,ida@example.com,4.00,30.00,6.00,S1,1,Tea,2,10.00,SPRING\n"
        let summary = try await runImport(scratch.write(text), into: sink)
        #expect(summary.format == "WooCommerce orders" && summary.revenue == 20)
        #expect(sink.events("Order Completed").first?.items.first?["amount" as Text] == 20)
        #expect(sink.events("Order Completed").first?.properties["coupon" as Text] == "SPRING")
    }

    @Test func `columns a platform's format does not know are left out, and the dry run says so`() throws {
        let scratch = Scratch()
        let text =
            "Name,Email,Financial Status,Fulfillment Status,Created at,Total,Risk Level\n"
            + "#1,a@example.com,paid,fulfilled,2025-10-02 17:09:34 -0300,8.00,Low\n"
        let preview = try ImportPreview(try planImport(scratch.write(text)))
        #expect(preview.text.contains("other columns are left out: Risk Level"))
    }

    @Test func `the order in which a damaged file breaks off waits for the whole file`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        var random = SplitMix(seed: 9)
        var text = "household_id,basket_id,transaction_timestamp,product_id,quantity,sales_value\n"
        for line in 0..<6_000 {
            text += "\(line / 10 % 50 + 1),\(line / 10),2017-01-01 11:53:26,\(random.next()),1,1.00\n"
        }
        let bytes = gzip(Array(text.utf8))
        let cut = try await runImport(scratch.write(Array(bytes.prefix(bytes.count / 2)), as: "cut.gz"), into: sink)
        #expect(cut.orders > 100 && cut.passedOver.keys.contains("order in which the file broke off"))
        #expect(sink.events("Order Completed").allSatisfy { $0.properties["revenue" as Text] == 10 })
        try await runImport(scratch.write(bytes, as: "whole.gz"), into: sink)
        #expect(sink.events("Order Completed").count == 600 && sink.sum("revenue", of: "Order Completed") == 6_000)
    }
}
