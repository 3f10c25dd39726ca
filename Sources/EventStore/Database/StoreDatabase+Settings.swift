import EventModel
import GRDB

import struct Foundation.Data

/// Settings of the workspace, and its catalogue.
extension StoreDatabase {
    private enum Key {
        static let workspace = "workspace"
        static let zone = "zone"
        static let baseCurrency = "base_currency"
        static let consentPurposes = "consent_purposes"
        static let joinsHandles = "joins_handles"
    }

    /// The number of the workspace, drawn when the store is new.
    func prepareWorkspace(_ random: any RandomSource) throws(EventStoreError) -> StoreID {
        let drawn = StoreID(high: random.next(), low: random.next())
        return try write("read the number of the workspace") { database in
            if let bytes = try Self.value(Key.workspace, database) {
                guard let id = StoreID(bytes) else {
                    throw EventStoreError.rowDamaged(table: "setting", key: Key.workspace)
                }
                return id
            }
            try Self.put(Key.workspace, drawn.bytes, database)
            try Self.put(Key.joinsHandles, [1], database)
            return drawn
        }
    }

    /// Overwrites the number of the workspace; only for a manifest that is made anew from its parts.
    func adoptWorkspace(_ id: StoreID) throws(EventStoreError) {
        try write("set the number of the workspace") { database in
            try Self.put(Key.workspace, id.bytes, database)
        }
    }

    /// Says whether ids are joined by handles; only for a manifest that is made anew from its parts.
    func put(joinsHandles: Bool) throws(EventStoreError) {
        try write("set whether handles join ids") { database in
            try Self.put(Key.joinsHandles, [joinsHandles ? 1 : 0], database)
        }
    }

    func settings() throws(EventStoreError) -> WorkspaceSettings {
        try read("read the settings") { database in
            var settings = WorkspaceSettings()
            if let bytes = try Self.value(Key.zone, database) {
                guard let text = Text(utf8: bytes), let zone = Zone(identifier: text) else {
                    throw EventStoreError.rowDamaged(table: "setting", key: Key.zone)
                }
                settings.zone = zone
            }
            settings.baseCurrency = try Self.value(Key.baseCurrency, database).flatMap { Text(utf8: $0) }
            if let bytes = try Self.value(Key.consentPurposes, database),
                case .object(let purposes) = try JSONReader.parse(bytes)
            {
                for member in purposes.members { settings.consentPurposeByChannel[member.key] = member.value.text }
            }
            settings.joinsHandles = try Self.value(Key.joinsHandles, database) == [1]
            settings.catalogue = Catalogue(products: try Self.products(database))
            return settings
        }
    }

    /// Whether settings were ever written.
    func hasSettings() throws(EventStoreError) -> Bool {
        try read("read the settings") { database in try Self.value(Key.zone, database) != nil }
    }

    /// Writes everything but the catalogue.
    func put(_ settings: WorkspaceSettings) throws(EventStoreError) {
        try write("write the settings") { database in
            try Self.put(Key.zone, Array(settings.zone.identifier.utf8), database)
            if let currency = settings.baseCurrency {
                try Self.put(Key.baseCurrency, Array(currency.utf8), database)
            } else {
                try database.execute(sql: "DELETE FROM setting WHERE key = ?", arguments: [Key.baseCurrency])
            }
            let purposes = settings.consentPurposeByChannel.sorted { $0.key < $1.key }
                .map { (key: $0.key, value: JSONValue.string($0.value)) }
            try Self.put(Key.consentPurposes, JSONWriter.bytes(of: .object(JSONObject(purposes))), database)
        }
    }

    /// Adds products to the catalogue, each replacing the one of the same id.
    func put(products: [JSONValue]) throws(EventStoreError) -> [EventStore.ProductVerdict] {
        try write("write the catalogue") { database in
            let read = try database.cachedStatement(sql: "SELECT body FROM product WHERE id = ?")
            let write = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO product (id, body, checksum) VALUES (?, ?, ?)")
            return try products.map { product in
                guard let id = product.object?["product_id"]?.identity else { return .withoutID }
                let idBytes = Array(id.utf8)
                let body = JSONWriter.bytes(of: product)
                if try Data.fetchOne(read, arguments: [Data(idBytes)]) == Data(body) { return .unchanged }
                try write.execute(arguments: [
                    Data(idBytes), Data(body), RowChecksum("product").adding(idBytes).adding(body).value,
                ])
                return .stored
            }
        }
    }

    private static func products(_ database: Database) throws -> [JSONValue] {
        var products: [JSONValue] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT id, body, checksum FROM product ORDER BY id")
        while let row = try rows.next() {
            let id = [UInt8](row[0] as Data)
            let body = [UInt8](row[1] as Data)
            guard RowChecksum("product").adding(id).adding(body).value == row[2] as Int64 else {
                throw EventStoreError.rowDamaged(table: "product", key: String(decoding: id, as: UTF8.self))
            }
            products.append(try JSONReader.parse(body))
        }
        return products
    }

    static func value(_ key: String, _ database: Database) throws -> [UInt8]? {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT value, checksum FROM setting WHERE key = ?", arguments: [key])
        else { return nil }
        let value = [UInt8](row[0] as Data)
        guard RowChecksum("setting").adding(Array(key.utf8)).adding(value).value == row[1] as Int64 else {
            throw EventStoreError.rowDamaged(table: "setting", key: key)
        }
        return value
    }

    static func put(_ key: String, _ value: [UInt8], _ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO setting (key, value, checksum) VALUES (?, ?, ?)",
            arguments: [key, Data(value), RowChecksum("setting").adding(Array(key.utf8)).adding(value).value])
    }

    // MARK: - Orphans

    /// Remembers files the manifest does not name, and answers those that were seen before `limit`, in milliseconds.
    func orphans(_ names: [String], now: Int64, seenBefore limit: Int64) throws(EventStoreError) -> [String] {
        try write("note files without an owner") { database in
            let known = try Row.fetchAll(database, sql: "SELECT name, first_seen FROM orphan")
            var seen: [String: Int64] = [:]
            for row in known { seen[row[0]] = row[1] as Int64 }
            for gone in seen.keys where !names.contains(gone) {
                try database.execute(sql: "DELETE FROM orphan WHERE name = ?", arguments: [gone])
            }
            for name in names where seen[name] == nil {
                try database.execute(
                    sql: "INSERT INTO orphan (name, first_seen) VALUES (?, ?)", arguments: [name, now])
            }
            return names.filter { (seen[$0] ?? now) <= limit }
        }
    }
}
