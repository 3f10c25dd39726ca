import ArgumentParser
import Connectors
import EventModel

/// `shoal import`: a store's own files into the data directory.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import a store's own files: orders, items, customers, products, events.",
        discussion: """
            The kind of a file is recognised by its header: exports of Shopify, WooCommerce and Wix, item lines, \
            order lists, event logs, customers, products, and Segment-protocol messages as JSON Lines; plain or gzip. \
            Importing a file again adds only what is new. Bad rows are counted and kept with their reason.

            EXAMPLES
              shoal import orders_export.csv
              shoal import products.csv customers.csv orders.csv.gz --zone Europe/Berlin
              shoal import odd.csv --dry-run
              shoal import odd.csv --as orders --map user_id=Kunde --map time=Datum
            """)

    @Argument(help: ArgumentHelp("The files, in the order in which they are to be taken.", valueName: "file"))
    var files: [String]

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "What the files are: events, items, orders, customers, products or messages.", valueName: "kind"))
    var kind: ImportKind?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Which column holds a field; field=@value sets one for all rows.", valueName: "field=column")
    )
    var map: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The zone of times without one; for a new data directory, the workspace's.", valueName: "zone"))
    var zone: String?

    @Option(name: .long, help: ArgumentHelp("The currency of amounts without one (ISO 4217).", valueName: "code"))
    var currency: String?

    @Flag(name: .long, help: "Store nothing; show how the files would be read.")
    var dryRun = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        var options = ImportOptions()
        options.kind = kind
        options.mappings = map
        options.zone = try zone.map { try parsedZone($0) }
        options.currency = try currency.map(parsedCurrency)
        let importing = Importing(dataPath: data.path, options: options, console: console)
        let plans = try importing.plans(for: files)
        if dryRun {
            let previews = try plans.map { try ImportPreview($0) }
            try console.show(
                .object([("files", .array(previews.map(\.json)))]),
                or: { _, _ in previews.map { $0.text + "\n" }.joined(separator: "\n") },
                asJSON: output.json)
            return
        }
        let reports = try await importing.run(plans) { report in
            if !output.json { try console.print(report.text(style: console.output.style)) }
        }
        if output.json { try console.print(JSONValue.object([("files", .array(reports.map(\.json)))]).lineText) }
        try importing.end(reports)
    }
}

extension ImportKind: ExpressibleByArgument {}

/// A currency code: three letters.
private func parsedCurrency(_ text: String) throws(CommandError) -> Text {
    guard text.utf8.count == 3, text.utf8.allSatisfy({ (65...90).contains($0 & 0xDF) }) else {
        throw CommandError(
            "invalid-currency", .usage, "--currency \"\(text)\" is no currency code",
            advice: "use three letters, as in EUR, USD or GBP")
    }
    return Text(text.uppercased())
}
