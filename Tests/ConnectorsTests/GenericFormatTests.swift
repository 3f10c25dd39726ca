import EventModel
import Testing

@testable import Connectors

@Suite struct ItemLineTests {
    private static let header =
        "household_id,basket_id,transaction_timestamp,store_id,product_id,quantity,sales_value,retail_disc,coupon_disc\n"

    @Test func `the lines of a basket become one order, wherever they stand`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            Self.header
            + "900,31,2017-01-01 11:53:26,330,1095275,2,1.00,0.10,0.00\n"
            + "901,32,2017-01-01 11:54:00,330,1095275,1,0.50,0.00,0.00\n"
            + "900,31,2017-01-01 11:53:26,330,9878513,3,0.1,0.00,0.50\n"
        let summary = try await runImport(scratch.write(text), into: sink)
        #expect(summary.orders == 2 && summary.profiles == 2 && summary.revenue?.description == "1.6")
        let order = try #require(sink.events("Order Completed").first)
        #expect(order.time.iso8601 == "2017-01-01T11:53:26.000Z")
        func number(_ text: String) -> JSONValue { Decimal128(jsonNumber: Text(text)).map { .number($0) } ?? .null }
        let expected: JSONValue = [
            "order_id": "31", "revenue": number("1.1"), "discount": number("0.6"), "retail_disc": number("0.1"),
            "coupon_disc": number("0.5"), "store_id": "330",
            "products": [
                [
                    "product_id": "1095275", "price": number("0.5"), "quantity": 2, "amount": 1,
                    "retail_disc": number("0.1"),
                ],
                // A tenth divided by three is no decimal number: the line keeps its amount alone.
                ["product_id": "9878513", "quantity": 3, "amount": number("0.1"), "coupon_disc": number("0.5")],
            ],
        ]
        #expect(JSONValue.object(order.properties) == expected)
    }

    @Test func `a bad line is rejected by itself, with its number, reason and text`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            Self.header
            + "900,31,2017-01-01 11:53:26,330,1095275,2,1.00,0.10,0.00\n"
            + "900,31,2017-01-01 11:53:26,330,1095276,2,a lot,0.10,0.00\n"
            + "900,31,yesterday,330,1095276,2,1.00,0.10,0.00\n"
            + ",31,2017-01-01 11:53:26,330,1095276,2,1.00,0.10,0.00\n"
            + "900,31\n"
        let summary = try await runImport(scratch.write(text, as: "bad.csv"), into: sink)
        #expect(summary.rows == 5)
        #expect(summary.rejected == ["bad-number": 1, "bad-time": 1, "missing-value": 1, "too-few-cells": 1])
        #expect(sink.sum("revenue", of: "Order Completed") == 1)
        let rejects = try #require(scratch.read("bad.csv.rejects.jsonl"))
        #expect(rejects.split(separator: "\n").count == 4)
        let words =
            "{\"line\":3,\"code\":\"bad-number\",\"message\":\"sales_value is no number: a lot\","
            + "\"row\":\"900,31,2017-01-01 11:53:26,330,1095276,2,a lot,0.10,0.00\"}"
        #expect(rejects.contains(words))
    }

    @Test func `orders larger than memory come out the same`() async throws {
        let scratch = Scratch()
        var text = Self.header
        for line in 0..<3_000 {
            let order = (line * 7_919) % 400
            text += "\(order % 37 + 1),\(order),2017-01-01 11:53:26,330,\(line),1,0.\(line % 10)1,0.00,0.00\n"
        }
        let path = scratch.write(text)
        let (whole, parts) = (MemorySink(), MemorySink())
        let one = try await runImport(path, into: whole)
        let other = try await runImport(path, into: parts) { $0.groupingBytes = 10_000 }
        #expect(one.orders == 400 && other.orders == 400 && one.revenue == other.revenue)
        #expect(Set(whole.messages.map(\.messageID)) == Set(parts.messages.map(\.messageID)))
        #expect(Set(whole.messages.map(\.original)) == Set(parts.messages.map(\.original)))
    }

    @Test func `an order that comes to less than nothing is a refund`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
            + "536365,85123A,WHITE HOLDER,6,12/1/2010 8:26,2.55,17850,United Kingdom\n"
            + "C536379,D,Discount,-1,12/13/2010 9:41,27.50,14527,United Kingdom\n"
        try await runImport(scratch.write(text), into: sink)
        #expect(sink.events("Order Completed").first?.properties["revenue" as Text]?.decimal?.description == "15.3")
        #expect(sink.events("Order Refunded").first?.properties["total" as Text]?.decimal?.description == "27.5")
        #expect(sink.events("Order Completed").first?.properties["Country" as Text] == "United Kingdom")
    }
}

@Suite struct OrderListTests {
    @Test func `two equal rows are two orders, and the same two on the next import`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let row = "20873,1997-11-14,1,12.99\r\n"
        let text = "customer_id,date,quantity,amount\n" + row + row + "00004,1997-01-01,2,29.33\r\n"
        let first = try await runImport(scratch.write(text), into: sink)
        #expect(first.taken == 3)
        let turned = "customer_id,date,quantity,amount\n00004,1997-01-01,2,29.33\n" + row + row + row
        let again = try await runImport(scratch.write(turned, as: "turned.csv"), into: sink)
        #expect(again.taken == 1 && again.duplicates == 3)
        #expect(sink.profiles == ["20873", "00004"])
    }

    @Test func `columns in another order and empty columns do not change what a row is`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        try await runImport(scratch.write("customer_id,date,amount\n7,1997-11-14,12.99\n"), into: sink)
        let again = try await runImport(
            scratch.write("amount;note;customer_id;date\n\"12.99\";;7;1997-11-14\n", as: "b.csv"), into: sink)
        #expect(again.duplicates == 1)
    }

    @Test func `revenue is the total without shipping and tax where there is no better amount`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            "order_id,email,created_at,total,tax,shipping,currency\n1,Gil@Example.com,2025-01-31T10:00:00+01:00,\"1,234.50\",200,34.50,EUR\n"
        try await runImport(scratch.write(text), into: sink)
        let order = try #require(sink.events("Order Completed").first)
        #expect(order.properties["revenue" as Text] == 1000)
        #expect(order.userID == "gil@example.com")
        #expect(order.time.iso8601 == "2025-01-31T09:00:00.000Z")
    }

    @Test func `an address beside the customer id becomes a trait since its order`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            "customer_id,email,order_id,date,amount\n7,Ann@example.com,1,2025-01-01,5\n7,ann@new.example,2,2025-02-01,6\n"
            + "8,,3,2025-01-01,7\n"
        let summary = try await runImport(scratch.write(text), into: sink)
        #expect(summary.taken == 5 && summary.duplicates == 0)
        let contacts = sink.messages.filter { $0.kind == .identify }
        #expect(contacts.map(\.userID) == ["7", "7"])
        #expect(contacts.map { $0.traits["email" as Text] } == ["Ann@example.com", "ann@new.example"])
        #expect(contacts.map(\.time) == sink.events("Order Completed").prefix(2).map(\.time))
        #expect(sink.events("Order Completed").allSatisfy { $0.properties["email" as Text] == nil })
        #expect(try await runImport(scratch.write(text), into: sink).taken == 0)
    }

    @Test func `a row whose order and address are both refused is rejected once`() async throws {
        let scratch = Scratch()
        let summary = try await runImport(
            scratch.write("customer_id,email,date,amount\nguest,a@x.example,2025-01-01,5\n7,,2025-01-01,5\n"),
            into: MemorySink())
        #expect(summary.rejected == ["placeholder-id": 1])
        #expect(summary.taken == 1)
    }

    @Test func `the address is stored beside orders without an id and beside item lines too`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let orders = "customer,email,date,amount\n7,a@x.example,2025-01-01,5\n7,a@x.example,2025-01-01,5\n"
        #expect(try await runImport(scratch.write(orders), into: sink).taken == 4)
        #expect(try await runImport(scratch.write(orders), into: sink).taken == 0)
        let items =
            "customer_id,email,order_id,date,product_id,quantity,amount\n"
            + "9,,1,2025-01-01,p,1,5\n9,b@x.example,1,2025-01-01,q,1,5\n"
        #expect(try await runImport(scratch.write(items, as: "items.csv"), into: sink).taken == 2)
        #expect(sink.messages.last { $0.kind == .identify }?.traits["email" as Text] == "b@x.example")
    }
}

@Suite struct EventLogTests {
    @Test func `plain words for shop events become the vocabulary's names and other names stay`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            "user_id,session_id,event,timestamp,platform\n"
            + "u1,s1,home,2024-03-13 10:21:14,desktop\nu1,s1,product_view,2024-03-13 10:22:14,desktop\n"
            + "u1,s1,Viewed Product,2024-03-13 10:23:14,desktop\nu1,s1,support_chat,2024-03-13 10:24:14,desktop\n"
            + "u1,s1,account_page,2024-03-13 10:25:14,desktop\nu1,s1,purchase,2024-03-13 10:26:14,desktop\n"
        try await runImport(scratch.write(text), into: sink)
        #expect(
            sink.messages.map(\.event) == [
                "Page Viewed", "Product Viewed", "Product Viewed", "support_chat", "Page Viewed", "Order Completed",
            ])
        #expect(
            sink.messages.first?.properties
                == JSONObject([
                    ("session_id", "s1"), ("name", "home"), ("platform", "desktop"),
                ]))
        #expect(sink.messages[1].context["import" as Text] == ["event": "product_view"])
        let kept = MemorySink()
        try await runImport(scratch.write(text), into: kept) { $0.mappings = ["event_names=@keep"] }
        #expect(kept.messages.map(\.event).first == "home")
        #expect(kept.messages[2].event == "Product Viewed")
    }

    @Test func `any table is an event log when the columns are named`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text = "wer;wann;farbe\nk1;31.12.2025 23:59;rot\n"
        try await runImport(scratch.write(text), into: sink) {
            $0.kind = .events
            $0.zone = Zone(identifier: "Europe/Berlin")
            $0.mappings = ["customer=wer", "time=wann", "event=@Colour Chosen", "properties.colour=farbe"]
        }
        let event = try #require(sink.messages.first)
        #expect(event.event == "Colour Chosen" && event.userID == "k1")
        #expect(event.time.iso8601 == "2025-12-31T22:59:00.000Z")
        #expect(event.properties == JSONObject([("colour", "rot")]))
    }

    @Test func `epoch times are read when that is said`() async throws {
        let scratch = Scratch()
        let path = scratch.write("user_id,event,ts\nu1,login,1700000000\n")
        #expect(throws: ImportError.self) { try planImport(path) }
        let sink = MemorySink()
        try await runImport(path, into: sink) { $0.mappings = ["date_format=@epoch_s"] }
        #expect(sink.messages.first?.time.iso8601 == "2023-11-14T22:13:20.000Z")
    }

    @Test func `an event log with a coupon column is no list of redeemed coupons, also when its columns are named`()
        async throws
    {
        let row = "7,2026-01-05 10:00:00,Order Completed,SAVE,20\n"
        for (header, mappings) in [
            ("profile,ts,event,coupon,revenue\n", []),
            ("whom,when,event,coupon,revenue\n", ["customer=whom", "time=when"]),
        ] as [(String, [String])] {
            let scratch = Scratch()
            let sink = MemorySink()
            try await runImport(scratch.write(header + row), into: sink) {
                $0.mappings = mappings
                $0.kind = mappings.isEmpty ? nil : .events
            }
            #expect(sink.events("Order Completed").first?.properties["coupon" as Text] == "SAVE")
        }
    }

    @Test func `redeemed coupons are events`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text = "household_id,coupon_upc,campaign_id,redemption_date\n1029,51380041013,26,2017-01-01 00:00:00\n"
        try await runImport(scratch.write(text), into: sink)
        #expect(sink.messages.first?.event == "Coupon Applied")
        #expect(sink.messages.first?.properties["coupon_id" as Text] == "51380041013")
    }
}

@Suite struct PeopleAndProductsTests {
    @Test func `demographics become traits`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text = "household_id,age,income,kids_count,zip_code\n1,65+,35-49K,0,01067\n7,45-54,50-74K,3+,10115\n"
        let summary = try await runImport(scratch.write(text), into: sink)
        #expect(summary.format == "customers (one row per customer)")
        #expect(
            JSONValue.object(sink.messages[0].traits) == [
                "address": ["postalCode": "01067"], "age": "65+", "income": "35-49K", "kids_count": 0,
            ])
        #expect(sink.messages.map(\.userID) == ["1", "7"])
    }

    @Test func `a customer's row holds since the time it names`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        try await runImport(scratch.write("email,first_name,created_at\nHal@example.com,Hal,2024-05-01\n"), into: sink)
        #expect(sink.messages.first?.time.iso8601 == "2024-05-01T00:00:00.000Z")
        try await runImport(scratch.write("customer_id,age\n1,30\n"), into: sink) { $0.mappings = ["time=@2017-01-01"] }
        #expect(sink.messages.last?.time.iso8601 == "2017-01-01T00:00:00.000Z")
    }

    @Test func `products become the catalogue`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let text =
            "product_id,manufacturer_id,department,brand,product_category,product_type,price\n"
            + "25671,2,GROCERY,National,FRZN ICE,ICE - CRUSHED/CUBED,1.50\n"
        let summary = try await runImport(scratch.write(text), into: sink)
        #expect(summary.products == 1)
        let product = try #require(sink.products["25671"])
        #expect(product["category" as Text] == "FRZN ICE" && product["department" as Text] == "GROCERY")
        #expect(product["price" as Text]?.decimal?.description == "1.5")
        let again = try await runImport(scratch.write(text), into: sink)
        #expect(again.products == 0 && again.productsUnchanged == 1)
    }

    @Test func `products may be JSON Lines too`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        try await runImport(
            scratch.write("{\"product_id\":7,\"category\":\"tea\"}\n{\"name\":\"none\"}\n", as: "p.jsonl"), into: sink)
        #expect(sink.products["7"]?["category" as Text] == "tea")
    }
}

@Suite struct MessageLineTests {
    @Test func `messages keep their bytes and ids, and get one from their line when they have none`() async throws {
        let scratch = Scratch()
        let sink = MemorySink()
        let first =
            "{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"u\",\"messageId\":\"m-1\",\"timestamp\":\"2025-01-01T00:00:00Z\"}"
        let second = "{\"type\": \"page\", \"anonymousId\": \"a\", \"timestamp\":\"2025-01-02T00:00:00Z\"}"
        let text = first + "\n" + second + "\r\n" + second + "\n\n{\"type\":\"track\"}\nno json\n"
        let summary = try await runImport(scratch.write(text, as: "m.jsonl"), into: sink)
        #expect(summary.rows == 5 && summary.taken == 3)
        #expect(summary.rejected == ["missing-id": 1, "json-syntax": 1] || summary.rejectedRows == 2)
        #expect(sink.messages.first?.messageID == "m-1")
        #expect(sink.messages.first.map { String(decoding: $0.original, as: UTF8.self) } == first)
        #expect(Set(sink.messages.map(\.messageID)).count == 3)
        let again = try await runImport(scratch.write(text, as: "again.jsonl"), into: sink)
        #expect(again.taken == 0 && again.duplicates == 3)
    }
}
