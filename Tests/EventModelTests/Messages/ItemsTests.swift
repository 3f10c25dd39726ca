import EventModel
import Testing

@Suite struct ItemsTests {
    private func message(_ properties: String, kind: MessageKind = .track) throws -> Message {
        let object = try #require(try JSONReader.parse(properties).object)
        return Message(kind: kind, messageID: "1", time: Timestamp(milliseconds: 0), event: "Any", properties: object)
    }

    @Test(arguments: [
        (#"{"products":[{"product_id":"1"},{"sku":"2"}]}"#, 2, false),
        (#"{"products":[{"product_id":"1"},"x",null,[{}],7]}"#, 1, false),
        (#"{"products":[],"product_id":"1"}"#, 0, false),
        (#"{"products":{"product_id":"1"},"product_id":"1"}"#, 0, false),
        (#"{"products":"x","product_id":"1"}"#, 0, false),
        (#"{"products":false,"product_id":"1"}"#, 0, false),
        (#"{"products":null,"product_id":"1","price":5}"#, 1, true),
        (#"{"product_id":17}"#, 1, true),
        (#"{"product_id":null}"#, 0, false),
        (#"{"sku":"1"}"#, 0, false),
        (#"{}"#, 0, false),
    ])
    func `items are the objects of products, or the event itself`(properties: String, count: Int, isOwn: Bool) throws {
        let message = try message(properties)
        #expect(message.items.count == count)
        #expect(message.isOwnItem == isOwn)
        if isOwn { #expect(message.items == [message.properties]) }
    }

    @Test func `messages that are no events have no items`() throws {
        for kind in MessageKind.allCases {
            let message = try message(#"{"product_id":"1"}"#, kind: kind)
            #expect(message.isOwnItem == kind.isEvent)
            #expect(message.items.isEmpty != kind.isEvent)
        }
    }
}

@Suite struct CatalogueTests {
    @Test func `products are found by the text of their id and the last of several counts`() throws {
        let catalogue = Catalogue(products: [
            ["product_id": 17, "brand": "Old"],
            ["product_id": "17", "brand": "New", "size": ["eu": 42], "price": .null],
            ["sku": "no id"], ["product_id": .null], ["product_id": ["list"]], "no object",
        ])
        #expect(catalogue.count == 1)
        #expect(catalogue.value(productID: "17", path: ["brand"]) == "New")
        #expect(catalogue.value(productID: "17", path: ["size", "eu"]) == 42)
        #expect(catalogue.value(productID: "17", path: ["price"]) == nil)
        #expect(catalogue.value(productID: "17", path: ["absent"]) == nil)
        #expect(catalogue.value(productID: "017", path: ["brand"]) == nil)
        #expect(Catalogue.empty.isEmpty && Catalogue.empty.value(productID: "17", path: ["brand"]) == nil)
    }

    @Test func `a channel needs its own purpose unless another is named`() {
        let settings = WorkspaceSettings(consentPurposeByChannel: ["email": "marketing"])
        #expect(settings.consentPurpose(of: "email") == "marketing")
        #expect(settings.consentPurpose(of: "sms") == "sms")
    }
}
