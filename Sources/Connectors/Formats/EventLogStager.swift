import EventModel
import EventStore

/// Stages the rows of an event log without making messages of them.
///
/// What it stages is what `EventLogs`, `JSONWriter` and `MessageDecoder` make of the same rows. Rows that need more thought
/// (a bad cell, a number with a currency sign, an id that stands for nobody) are left to them, and so are whole files in
/// which properties may meet: see `init`.
struct EventLogStager: Sendable {
    /// Some rows of a file, in its order.
    enum Piece: Sendable {
        case staged(StagedRows)
        case decoded(DecodedRows)
    }

    let format: EventLogs
    let context: FormatContext
    let source: Text
    /// Without names of events.
    let recipe: RowRecipe
    let storedRecipe: StoredRecipe

    private static let otherKeys: [Text] = [
        "session_id", "step", "price", "quantity", "revenue", "total", "value", "currency", "products",
    ]

    /// Nil when amounts are to be converted, when cells come from options, or when a column takes the key of another.
    init?(_ format: EventLogs, settings: WorkspaceSettings, source: Text, dialect: CSVDialect) {
        self.format = format
        self.source = source
        context = format.context
        let columns = context.columns
        let own = Set(EventLogs.fieldKeys.map(\.key) + Self.otherKeys)
        guard settings.baseCurrency == nil, columns.constants.keys.allSatisfy(\.isSetting),
            columns.extras.allSatisfy({ !own.contains($0.name) && $0.name.utf8.count <= Limits.keyCharacters.value }),
            columns.extras.count + own.count <= Limits.topLevelMembers.value,
            let recipe = Self.recipe(format, dialect)
        else { return nil }
        self.recipe = recipe
        storedRecipe = StoredRecipe(recipe)
    }

    private static func recipe(_ format: EventLogs, _ dialect: CSVDialect) -> RowRecipe? {
        let columns = format.context.columns
        guard let event = columns.column(.event), let time = columns.column(.time) else { return nil }
        var recipe = RowRecipe(
            delimiter: dialect.delimiter, quote: dialect.quote, cells: columns.header.count, digester: format.digester,
            event: event, time: time)
        recipe.decimalMark = format.context.numbers.mark.byte
        recipe.customer = columns.column(.customer)
        recipe.email = columns.column(.email)
        recipe.anonymous = columns.column(.anonymous)
        if let session = columns.column(.session) {
            recipe.first.append(RowRecipe.Property("session_id", session, .text))
        }
        for (key, field) in EventLogs.fieldKeys {
            if let column = columns.column(field) { recipe.then.append(RowRecipe.Property(key, column, .text)) }
        }
        for (key, field) in [("price", .price), ("quantity", .quantity)] as [(Text, Field)] {
            if let column = columns.column(field) { recipe.then.append(RowRecipe.Property(key, column, .number)) }
        }
        recipe.amount = columns.column(.amount)
        recipe.currency = columns.column(.currency)
        recipe.usualCurrency = format.context.currency
        for extra in columns.extras {
            recipe.last.append(RowRecipe.Property(extra.name, extra.column, extra.staysText ? .text : .literal))
        }
        return recipe
    }

    /// Stages the records of a batch from one on; bad ones are passed over.
    func stage(_ batch: CSVBatch, from first: Int) -> [Piece] {
        let table = batch.table
        return table.withCells { cells in
            let staging = EventLogStaging(self, batch, table, cells, from: first)
            var pieces: [Piece] = []
            var row = first
            while row < batch.count {
                let isPlain = staging.isPlain(row)
                var end = row + 1
                if batch.records[row].problem != nil {
                    row = end
                    continue
                }
                // A file that is full of rows to think about is none to hurry through.
                let isHurried = isPlain && pieces.count < 64
                while end < batch.count, batch.records[end].problem == nil,
                    isHurried == (staging.isPlain(end) && pieces.count < 64)
                {
                    end += 1
                }
                if isHurried {
                    pieces.append(.staged(staging.rows(row..<end)))
                } else {
                    var decoded = DecodedRows()
                    format.decode((row..<end).map { batch[$0] }[...], into: &decoded)
                    pieces.append(.decoded(decoded))
                }
                row = end
            }
            return pieces
        }
    }
}

/// Rows on their way to the store, with what the import counts.
struct StagedRows: Sendable {
    var batch: RowBatch
    var orders = 0
    var revenues: [Decimal128] = []
}
