import Connectors
import EventModel

/// What the first rows of a file become, and which of them cannot be read.
struct ImportPreviewCards {
    let preview: ImportPreview

    var html: HTML { "\(first)\(problems)" }

    /// How the file is read, in a sentence.
    var manner: String {
        let plan = preview.plan
        let shape = plan.hasHeader ? "columns separated by \(plan.dialect.delimiterName)" : "one JSON object a line"
        let mark = plan.context.numbers.mark == .comma ? "comma" : "point"
        let columns = plan.context.columns
        let currency =
            columns.has(.currency)
            ? "the currency from “\(columns.columnName(.currency))”"
            : plan.context.currency.map { "currency \($0)" } ?? "no currency"
        let zone =
            plan.zoneIsAssumed ? "; times without an offset are taken as \(plan.context.times.zone.identifier)" : ""
        guard plan.hasHeader else { return "\(shape)\(plan.isGzip ? ", gzip" : "").".capitalizedFirst }
        return
            "\(shape)\(plan.isGzip ? ", gzip" : ""); times: \(form); amounts with a decimal \(mark), \(currency)\(zone)."
            .capitalizedFirst
    }

    private var form: String {
        switch preview.plan.context.times.form {
        case .epochSeconds: "seconds since 1970"
        case .epochMilliseconds: "milliseconds since 1970"
        case .text(.dayMonthYear): "day/month/year"
        case .text(.monthDayYear): "month/day/year"
        case .text(.yearMonthDay), .text(nil): "ISO 8601, or with the month's name"
        }
    }

    private static let columns: [Pieces.Column] = [.text("Becomes"), .text("Who"), .text("When"), .text("With")]

    private var first: HTML {
        let passed = preview.passedOver.sorted { $0.key < $1.key }.map { reason, count -> HTML in
            "<p class=\"soft\">\(counted(count, "row")) of the first \(grouped(preview.rowsLookedAt)) say nothing to be stored: \(reason.string).</p>"
        }
        return """
            <section class="card flush"><h2>What the first rows become</h2>
            \(Pieces.table("Of the first \(counted(preview.rowsLookedAt, "row"))", Self.columns, preview.firstFacts.map(row), class: "facts-become"))
            \(passed)</section>
            """
    }

    private func row(_ fact: JSONObject) -> [HTML] {
        func text(_ name: String) -> String? { fact[Text(name)]?.text?.string }
        guard let type = text("type") else {
            return ["Product", "–", "–", Self.code(fact)]
        }
        let what = type == "track" ? text("event") ?? type : type == "identify" ? "Traits" : type
        let who = text("userId") ?? text("anonymousId") ?? "–"
        let said = fact["properties" as Text]?.object ?? fact["traits" as Text]?.object ?? JSONObject()
        return ["\(what)", "\(who)", "\(text("timestamp") ?? "at the import")", Self.code(said)]
    }

    private static func code(_ object: JSONObject) -> HTML {
        "<code class=\"json\">\(object.members.isEmpty ? "–" : JSONWriter.text(of: .object(object)))</code>"
    }

    private var problems: HTML {
        guard !preview.firstProblems.isEmpty else {
            return "<p class=\"done\">None of the first \(counted(preview.rowsLookedAt, "row")) would be refused.</p>"
        }
        return """
            <section class="card flush"><h2>What would be refused</h2>
            \(Pieces.table("Of the first \(counted(preview.rowsLookedAt, "row"))", [.number("Line"), .text("Why"), .text("Code")], preview.firstProblems.map { problem in
                ["\(grouped(problem.line))", "\(problem.problem.words)", "<code>\(problem.problem.code.string)</code>"]
            }))
            <p class="soft">The other rows are imported; these are kept with their reasons, to be downloaded afterwards.</p></section>
            """
    }
}
