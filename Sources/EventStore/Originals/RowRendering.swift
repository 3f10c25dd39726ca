import EventModel

extension RowRecipe {
    /// The message of the row that `cells` has just read, as JSON; nil when the row is none this recipe covers.
    ///
    /// - Parameter occurrence: how often the file had had such a row, this one included; it enters the message id.
    func message(of cells: RowCells, time: Timestamp, occurrence: Int) -> [UInt8]? {
        guard let written = cells.text(event) else { return nil }
        let naming = names[written]
        var members: [JSONObject.Member] = []
        members.append(("type", "track"))
        members.append(("event", .string(naming?.name ?? written)))
        members.append(("messageId", .string(digester.digest(of: cells).messageID(occurrence: occurrence))))
        let userID = customer.flatMap(cells.text) ?? email.flatMap(cells.text).map(Self.id(email:))
        if let userID { members.append(("userId", .string(userID))) }
        if let anonymousID = anonymous.flatMap(cells.text) { members.append(("anonymousId", .string(anonymousID))) }
        members.append(("timestamp", .string(Text(time.iso8601))))
        guard let properties = properties(of: cells, written, naming) else { return nil }
        members.append(("properties", .object(JSONObject(properties))))
        if naming != nil {
            let note = JSONObject([("event", .string(written))])
            members.append(("context", .object(JSONObject([("import", .object(note))]))))
        }
        return JSONWriter.bytes(of: .object(JSONObject(members)))
    }

    /// When a plain time stands in the row.
    func plainTime(of cells: RowCells, _ times: inout PlainTimes) -> Int64? {
        cells.withCell(time) { times.read(trimmedCell($0)) }
    }

    private func properties(of cells: RowCells, _ written: Text, _ naming: Naming?) -> [JSONObject.Member]? {
        var members: [JSONObject.Member] = []
        guard append(first, of: cells, to: &members) else { return nil }
        if let key = naming?.property { members.append((key, .string(written))) }
        guard append(then, of: cells, to: &members) else { return nil }
        if let amount {
            switch number(amount, of: cells) {
            case .empty: break
            case .number(let number):
                members.append((Self.amountKey(of: naming?.name ?? written), .number(number)))
            case .other: return nil
            }
        }
        if let currency = currency.flatMap(cells.text) ?? (amount.flatMap(cells.text) == nil ? nil : usualCurrency) {
            members.append(("currency", .string(currency)))
        }
        return append(last, of: cells, to: &members) ? members : nil
    }

    /// False for a cell this recipe does not cover.
    private func append(_ properties: [Property], of cells: RowCells, to members: inout [JSONObject.Member]) -> Bool {
        for property in properties {
            switch property.reading {
            case .text:
                if let text = cells.text(property.column) { members.append((property.key, .string(text))) }
            case .literal:
                if let text = cells.text(property.column) { members.append((property.key, LiteralCell.value(text))) }
            case .number:
                switch number(property.column, of: cells) {
                case .empty: break
                case .number(let number): members.append((property.key, .number(number)))
                case .other: return false
                }
            }
        }
        return true
    }

    private enum NumberCell {
        case empty, other
        case number(Decimal128)
    }

    private func number(_ column: Int, of cells: RowCells) -> NumberCell {
        cells.withCell(column) { cell in
            if cell.isEmpty { return .empty }
            return PlainNumber(cell, mark: decimalMark).map { .number($0.decimal) } ?? .other
        }
    }
}

extension RowDigester {
    /// The digest of the row that was read last.
    func digest(of cells: RowCells) -> RowDigest {
        var bytes: [UInt8] = []
        for column in columns { cells.withCell(column.index) { Self.append(column, $0, to: &bytes) } }
        return RowDigest(bytes: bytes)
    }
}
