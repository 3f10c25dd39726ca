package import EventModel

/// The pieces that all pages are put together from.
package enum Pieces {
    /// The head of a page: its title, what to know about it, and what can be done.
    ///
    /// - Parameter back: where it hangs, as a path with its title.
    package static func head(
        _ title: String, back: (path: String, title: String)? = nil, about: HTML? = nil, actions: HTML? = nil
    ) -> HTML {
        let crumbs: HTML? = back.map { "<p class=\"crumbs\"><a href=\"\($0.path)\">← \($0.title)</a></p>\n" }
        let about: HTML? = about.map { "<p>\($0)</p>\n" }
        let actions: HTML? = actions.map { "<div class=\"actions\">\($0)</div>\n" }
        return "<div class=\"head\"><div>\(crumbs)<h1>\(title)</h1>\n\(about)</div>\n\(actions)</div>"
    }

    /// Figures side by side: a name, the figure, and perhaps a line below it.
    package static func figures(_ figures: [(name: String, figure: HTML, note: HTML?)]) -> HTML {
        let entries = figures.map { name, figure, note -> HTML in
            let note: HTML? = note.map { "<dd>\($0)</dd>" }
            return "<div><dt>\(name)</dt><dd>\(figure)</dd>\(note)</div>\n"
        }
        return "<dl class=\"figures\">\n\(entries)</dl>"
    }

    /// What to say where there is nothing yet: what would be here, and what to do for it.
    package static func empty(_ title: String, _ text: HTML) -> HTML {
        "<div class=\"card empty\"><h2>\(title)</h2>\n<p>\(text)</p></div>"
    }

    package struct Column: Sendable {
        let title: String
        let isNumber: Bool
        /// For columns of drawings, whose title only screen readers say.
        let isSilent: Bool

        package static func text(_ title: String) -> Column { Column(title: title, isNumber: false, isSilent: false) }
        package static func number(_ title: String) -> Column { Column(title: title, isNumber: true, isSilent: false) }
        package static func silent(_ title: String) -> Column { Column(title: title, isNumber: false, isSilent: true) }
    }

    /// A table with a caption; wide ones scroll by themselves. The first cell of a row is its head.
    ///
    /// - Parameter name: what the table is, for its caption.
    package static func table(_ name: String, _ columns: [Column], _ rows: [[HTML]], class style: String = "") -> HTML {
        let body = rows.map { row($0, columns) }
        return table(name, columns, body: "<tbody>\n\(body)</tbody>", class: style)
    }

    package static func table(_ name: String, _ columns: [Column], body: HTML, class style: String = "") -> HTML {
        let heads = columns.map { column -> HTML in
            let style: HTML? = column.isNumber ? " class=\"number\"" : nil
            let title: HTML =
                column.isSilent ? "<span class=\"visually-hidden\">\(column.title)</span>" : "\(column.title)"
            return "<th scope=\"col\"\(style)>\(title)</th>"
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(name)"><table class="\(style)">
            <caption>\(name)</caption>
            <thead><tr>\(heads)</tr></thead>
            \(body)
            </table></div>
            """
    }

    package static func row(_ cells: [HTML], _ columns: [Column]) -> HTML {
        let cells = zip(cells, columns).enumerated().map { index, pair -> HTML in
            let style: HTML? = pair.1.isNumber ? " class=\"number\"" : nil
            return index == 0
                ? "<th scope=\"row\"\(style)>\(pair.0)</th>" : "<td\(style)>\(pair.0)</td>"
        }
        return "<tr>\(cells)</tr>\n"
    }

    /// Lines with a bar each, as long as its share of the longest.
    package static func bars(_ entries: [(name: HTML, amount: Double, text: String)]) -> HTML {
        let most = entries.map(\.amount).max() ?? 0
        let lines = entries.map { entry -> HTML in
            "<li><span>\(entry.name)</span><span class=\"number\">\(entry.text)</span>"
                + "\(Charts.bar(most > 0 ? entry.amount / most : 0))</li>\n"
        }
        return "<ul class=\"bars\">\n\(lines)</ul>"
    }

    package static func tag(_ text: String, _ kind: String = "") -> HTML {
        "<span class=\"tag \(kind)\">\(text)</span>"
    }

    /// An instant that programs can read too: "1 Jan 2018, 17:05".
    package static func time(_ instant: Timestamp, in zone: Zone) -> HTML {
        let parts = zone.components(of: instant)
        let clock = "\(parts.hour < 10 ? "0" : "")\(parts.hour):\(parts.minute < 10 ? "0" : "")\(parts.minute)"
        return """
            <time datetime="\(instant.iso8601)" title="\(spokenInstant(instant, in: zone))">\(spokenDay(parts.day)), \
            \(clock)</time>
            """
    }

    /// A day that programs can read too.
    package static func day(_ instant: Timestamp, in zone: Zone) -> HTML {
        "<time datetime=\"\(zone.day(of: instant).iso)\">\(spokenDay(zone.day(of: instant)))</time>"
    }

    /// An amount in the workspace's currency; without decimals from ten thousand on.
    package static func money(_ amount: Decimal128, _ currency: String?) -> HTML {
        let isLarge = amount.approximate.magnitude >= 10_000
        let text = groupedDecimal("\(amount)", places: isLarge ? 0 : 2)
        let unit: HTML? = currency.map { " <span class=\"unit\">\($0)</span>" }
        return "\(text)\(unit)"
    }
}

extension HTML {
    static func + (left: HTML, right: HTML) -> HTML { "\(left)\(right)" }
}

/// A text as a part of a path: everything but letters, digits and `-._~` as `%` and two digits.
package func pathPart(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
    return result
}

extension String {
    /// As at the beginning of a sentence.
    package var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
