package import EventModel

/// Where files are dropped, and what became of earlier ones.
package struct ImportsView: Sendable {
    let viewer: Viewer
    /// The newest first.
    let accounts: [ImportAccount]
    /// Why the last file was not taken.
    let wrong: String?
    let mostBytes: Int
    let zone: Zone

    package init(viewer: Viewer, accounts: [ImportAccount], wrong: String?, mostBytes: Int, zone: Zone) {
        self.viewer = viewer
        self.accounts = accounts
        self.wrong = wrong
        self.mostBytes = mostBytes
        self.zone = zone
    }

    package var shell: Shell {
        var shell = Shell(title: "Import", viewer: viewer, place: .data, body: body, scripts: ["import.js"])
        shell.hasErrors = wrong != nil
        return shell
    }

    private var body: HTML {
        let wrong: HTML? = wrong.map { "<p class=\"wrong\" id=\"file-wrong\" role=\"alert\">\($0)</p>\n" }
        let invalid: HTML? = self.wrong == nil ? nil : " aria-invalid=\"true\""
        return """
            \(Pieces.head("Import", back: ("/data", "Data"), about: "Your shop's own files: orders, items, customers, products, events. You see how a file is read before anything of it is stored, and nothing is stored twice."))
            <div class="halves wide-first">
            <form class="card drop" id="drop" method="post" action="/data/import" enctype="multipart/form-data" \
            data-most="\("\(mostBytes)")">
            <label for="file">Drop a file here, or choose one</label>
            <p class="hint" id="file-hint">CSV with commas, semicolons or tabs, or JSON Lines; plain or as gzip; at most \
            \(byteSize(mostBytes)).</p>
            <input id="file" name="file" type="file" required accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.gz,text/csv" \
            aria-describedby="file-hint\(wrong == nil ? "" : " file-wrong")"\(invalid)>
            \(wrong)<p class="wrong" id="file-problem" role="alert" hidden></p>
            <button>Look at it</button>
            <p id="upload" role="status" hidden><span id="upload-words"></span><progress id="upload-bar" max="1" value="0" aria-label="Sent"></progress></p>
            </form>
            <section class="card"><h2>What is taken</h2>
            <p>Exports of Shopify, WooCommerce and Wix, lists of orders or of their items, event logs, customers, products, and \
            messages of Segment's protocol. The kind is recognised by the first line.</p>
            <p class="soft">A file waits here for an hour at most, and is removed once it was imported. Larger files, and many at \
            once: <code>shoal import FILE</code> on the machine itself, while the server is stopped.</p></section>
            </div>
            \(list)
            """
    }

    private var list: HTML? {
        guard !accounts.isEmpty else { return nil }
        let columns: [Pieces.Column] = [
            .text("File"), .text("State"), .number("Stored"), .number("There already"), .number("Rejected"),
            .text("By"),
            .text("Sent"),
        ]
        return """
            <section class="card flush"><h2>Earlier files</h2>
            \(Pieces.table("The newest first", columns, accounts.map { account in
                let isOver = account.state.isOver
                func number(_ count: Int) -> HTML { isOver ? "\(grouped(count))" : "–" }
                return [
                    "<a href=\"\(account.path)\">\(account.name)</a><span class=\"under\">\(byteSize(account.bytes))</span>",
                    account.state.tag, number(account.count("stored") + account.count("products")),
                    number(account.count("duplicates") + account.count("productsUnchanged")), number(account.rejected),
                    "\(account.actor)", Pieces.time(account.uploaded, in: zone),
                ]
            }))</section>
            """
    }
}
