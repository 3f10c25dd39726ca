import EventModel
import Testing

@Suite struct PropertyRulesTests {
    private func properties(
        of event: String, _ properties: String, settings: WorkspaceSettings = WorkspaceSettings()
    ) throws -> (JSONValue, [Text]) {
        let bytes = Array(
            """
            {"type":"track","messageId":"1","userId":"u","event":"\(event)","timestamp":"2026-03-15T12:00:00Z",
             "properties":\(properties)}
            """.utf8)
        let message = try MessageDecoder(settings: settings).decode(bytes, receivedAt: Timestamp(milliseconds: 0))
        #expect(message.original == bytes)
        return (.object(message.properties), message.warnings)
    }

    @Test func `empty strings of the vocabulary's own fields are absent`() throws {
        let (order, _) = try properties(
            of: "completed order",
            """
            {"coupon":"","affiliation":"","sku":"","note":"","revenue":0,
             "products":[{"product_id":"1","coupon":"","note":""},"",{}]}
            """)
        let kept = #"{"note":"","revenue":0,"products":[{"product_id":"1","note":""},"",{}]}"#
        #expect(try order == JSONReader.parse(kept))
    }

    @Test func `other events keep their empty strings`() throws {
        let text = #"{"coupon":"","answer":"","products":[{"coupon":""}]}"#
        #expect(try properties(of: "Survey Answered", text).0 == (try JSONReader.parse(text)))
        #expect(try properties(of: "Page Viewed", text).0 == (try JSONReader.parse(text)))
    }

    @Test func `fields of other events of the vocabulary are kept`() throws {
        let (viewed, _) = try properties(of: "Product Viewed", #"{"order_id":"","value":"","name":"","query":""}"#)
        #expect(viewed == ["order_id": "", "query": ""])
        #expect(try properties(of: "Coupon Denied", #"{"reason":"","coupon":"","coupon_id":""}"#).0 == [:])
        #expect(try properties(of: "Coupon Applied", #"{"reason":"","coupon_id":""}"#).0 == ["reason": ""])
    }

    @Test func `an empty products string is absent, so that the event is its own item`() throws {
        #expect(try properties(of: "Order Completed", #"{"products":"","product_id":"1"}"#).0 == ["product_id": "1"])
    }

    @Test func `of two members with one key the last decides whether the field is there`() throws {
        #expect(try properties(of: "Order Completed", #"{"coupon":"","coupon":"X"}"#).0 == ["coupon": "X"])
        #expect(try properties(of: "Order Completed", #"{"coupon":"X","coupon":""}"#).0 == [:])
    }

    // MARK: - Currency

    private func euros() throws -> WorkspaceSettings {
        var rates = ExchangeRates()
        rates.set("USD", to: try #require(Decimal128(jsonNumber: "0.9")))
        rates.set("GBP", on: try #require(CalendarDay(year: 2026, month: 3, day: 15)), to: 2)
        rates.set("GBP", on: try #require(CalendarDay(year: 2026, month: 3, day: 10)), to: 3)
        rates.set("CHF", on: try #require(CalendarDay(year: 2026, month: 3, day: 16)), to: 4)
        return WorkspaceSettings(baseCurrency: "EUR", rates: rates)
    }

    @Test func `amounts in another currency are converted, other properties are not`() throws {
        let (order, warnings) = try properties(
            of: "Order Completed",
            """
            {"currency":"usd","revenue":100,"total":"10.50","tax":"none","quantity":2,"discount":null,
             "products":[{"product_id":1,"price":20,"quantity":3}]}
            """,
            settings: euros())
        let converted = """
            {"currency":"usd","revenue":90,"total":9.45,"tax":"none","quantity":2,"discount":null,
             "products":[{"product_id":1,"price":18,"quantity":3}]}
            """
        #expect(try order == JSONReader.parse(converted))
        #expect(warnings.isEmpty)
    }

    @Test func `an event that is its own item has its price converted`() throws {
        let own = #"{"product_id":1,"price":10,"currency":"USD"}"#
        #expect(try properties(of: "Product Added", own, settings: euros()).0["price"] == 9)
        #expect(try properties(of: "Bid Placed", own, settings: euros()).0["price"] == 9)
        let noItem = #"{"price":10,"currency":"USD"}"#
        #expect(try properties(of: "Bid Placed", noItem, settings: euros()).0["price"] == 10)
    }

    @Test func `the rate is that of the event's day or the last one before`() throws {
        let order = #"{"revenue":1,"currency":"GBP"}"#
        #expect(try properties(of: "Order Completed", order, settings: euros()).0["revenue"] == 2)
        let rates = try euros().rates
        #expect(rates.rate(of: "GBP", on: try #require(CalendarDay(year: 2026, month: 3, day: 14))) == 3)
        #expect(rates.rate(of: "gbp", on: try #require(CalendarDay(year: 2027, month: 1, day: 1))) == 2)
        #expect(rates.rate(of: "GBP", on: try #require(CalendarDay(year: 2026, month: 3, day: 9))) == nil)
    }

    @Test func `amounts without a rate are absent and reported`() throws {
        for currency in ["JPY", "CHF"] {
            let (order, warnings) = try properties(
                of: "Order Completed",
                #"{"currency":"\#(currency)","revenue":100,"order_id":"7","products":[{"price":1,"sku":"s"}]}"#,
                settings: euros())
            let rest = #"{"currency":"\#(currency)","order_id":"7","products":[{"sku":"s"}]}"#
            #expect(try order == JSONReader.parse(rest))
            #expect(warnings == ["no-exchange-rate"])
        }
        #expect(
            try properties(of: "Order Completed", #"{"currency":"JPY","order_id":"7"}"#, settings: euros()).1.isEmpty)
    }

    @Test func `amounts stay as they are in the base currency, without a currency, and without a base`() throws {
        for text in [#"{"currency":"EUR","revenue":1}"#, #"{"currency":" eur ","revenue":1}"#, #"{"revenue":1}"#] {
            let (order, warnings) = try properties(of: "Order Completed", text, settings: euros())
            #expect(order["revenue"] == 1 && warnings.isEmpty)
        }
        let blank = #"{"currency":"","revenue":1}"#
        #expect(try properties(of: "Order Completed", blank, settings: euros()).0 == ["revenue": 1])
        #expect(try properties(of: "Order Completed", #"{"currency":"USD","revenue":1}"#).0["revenue"] == 1)
    }
}

extension JSONValue {
    fileprivate subscript(key: Text) -> JSONValue? { object?[key] }
}
