package import EventModel
import EventStore

/// One row per redeemed coupon: who, which coupon, when. Each becomes a `Coupon Applied`.
package struct CouponRedemptions: Format {
    package static let kind = ImportKind.events
    package static let title = "coupon redemptions (one row per redeemed coupon)"
    package static let namespace: Text = "coupon-redemptions"
    package static let requirements: [[Field]] = [[.customer, .email], [.coupon], [.time]]
    package static let rules: [FieldRule] = [
        FieldRule(.customer, Synonyms.customer), FieldRule(.email, Synonyms.email),
        FieldRule(.coupon, "coupon_id", "coupon_upc", "coupon_code", "coupon", "voucher_code"),
        FieldRule(.time, "redemption_date", "redeemed_at", "redemption_time", "redeemed"),
        FieldRule(.order, Synonyms.order), FieldRule(.discount, Synonyms.discount),
    ]

    private let context: FormatContext
    private let digester: RowDigester

    package init(context: FormatContext) {
        self.context = context
        digester = RowDigester(namespace: Self.namespace, header: context.columns.header)
    }

    /// An event log says itself what happened.
    package static func fits(_ columns: ColumnMap) -> Bool {
        !columns.header.keys.contains { Set(Synonyms.event.map(Header.key)).contains($0) }
    }

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        for row in rows {
            do throws(RowProblem) {
                decoded.add(try redemption(context.cells(of: row), row), from: [row])
            } catch {
                decoded.reject(row, error)
            }
        }
    }

    private func redemption(_ cells: Cells, _ row: CSVRow) throws(RowProblem) -> MessageDraft {
        let person = try cells.person()
        var members: [JSONObject.Member] = [("coupon_id", .string(try cells.required(.coupon)))]
        if let order = cells.text(.order) { members.append(("order_id", .string(order))) }
        if let discount = try cells.number(.discount) { members.append(("discount", .number(discount))) }
        members += cells.extras()
        return MessageDraft(
            identity: .row(digester.digest(of: row)), userID: person.userID, time: try cells.requiredTime(.time),
            body: .track(event: "Coupon Applied", properties: JSONObject(members)))
    }
}
