import EventModel

/// Charts drawn here, as SVG: they read without scripts, and colours come from the style sheet.
package enum Charts {
    /// A small line without axes, for tables; what it shows is said in words beside it.
    package static func sparkline(_ values: [Int]) -> HTML {
        guard let most = values.max(), let least = values.min(), values.count > 1 else { return "" }
        // Small changes of a large number shall not look like a landslide.
        let span = max(Double(most - least), Double(most) / 10, 1)
        let points = values.enumerated().map { index, value in
            (x: 98 * Double(index) / Double(values.count - 1) + 1, y: 22 - 20 * Double(value - least) / span)
        }
        let last = points[points.count - 1]
        return """
            <svg class="spark" viewBox="0 0 100 24" aria-hidden="true" focusable="false">\
            <path d="\(path(points))"/><circle cx="\(text(last.x))" cy="\(text(last.y))" r="2.2"/></svg>
            """
    }

    /// A bar that is so long, 0...1.
    package static func bar(_ share: Double) -> HTML {
        let width = share.isFinite ? min(max(share, 0), 1) * 100 : 0
        return """
            <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">\
            <rect class="track" width="100" height="8"/><rect class="fill" width="\(text(width))" height="8"/></svg>
            """
    }

    /// A chart with a table below it, which a script may draw anew so that it can be pointed at.
    package enum Kind: String, Sendable {
        case line, columns
    }

    /// - Parameters:
    ///   - drawn: the chart as it is without scripts.
    ///   - table: its figures, the newest row first: a column of names, then one of numbers for each series.
    package static func figure(_ kind: Kind, _ drawn: HTML, table: HTML) -> HTML {
        let script: HTML? = Assets.shared["echarts.min.js"].map {
            " data-chart=\"\(kind.rawValue)\" data-charts=\"\($0.path)\""
        }
        return """
            <div><div\(script)>\(drawn)</div>
            <details class="twin"><summary>As a table</summary>
            \(table)</details></div>
            """
    }

    package struct Point: Sendable {
        package let label: String
        package let value: Double
        /// As it is said.
        package let text: String

        package init(label: String, value: Double, text: String) {
            self.label = label
            self.value = value
            self.text = text
        }
    }

    /// A line over time from 0 up, with an area below it.
    ///
    /// - Parameters:
    ///   - name: what it shows, for those who cannot see it; its figures stand in the table that follows.
    ///   - mark: a place between two points, counted in points, with what happened there.
    package static func line(_ name: String, _ points: [Point], mark: (place: Double, text: String)? = nil) -> HTML {
        guard points.count > 1, let peak = points.map(\.value).max() else { return "" }
        let frame = Frame(most: roundUp(max(peak, 1)))
        let step = frame.width / Double(points.count - 1)
        let places = points.enumerated().map {
            (x: frame.left + step * Double($0.offset), y: frame.y($0.element.value))
        }
        let area =
            "\(path(places))L\(text(frame.right)) \(text(frame.bottom))L\(text(frame.left)) \(text(frame.bottom))Z"
        let dots = zip(places, points).map { place, point -> HTML in
            """
            <circle class="dot" cx="\(text(place.x))" cy="\(text(place.y))" r="3"><title>\(point.label): \(point.text)\
            </title></circle>
            """
        }
        let every = max(1, points.count / 6)
        let labels = points.enumerated().filter { $0.offset % every == 0 }.map { index, point -> HTML in
            let x = frame.left + step * Double(index)
            let anchor = index == 0 ? "start" : index == points.count - 1 ? "end" : "middle"
            return
                "<text x=\"\(text(x))\" y=\"\(text(frame.bottom + 18))\" text-anchor=\"\(anchor)\">\(point.label)</text>"
        }
        let markLine: HTML? = mark.map { mark in
            let x = frame.left + step * min(max(mark.place, 0), Double(points.count - 1))
            return """
                <line class="mark-line" x1="\(text(x))" x2="\(text(x))" y1="\(text(frame.top))" y2="\(text(frame.bottom))"/>\
                <text x="\(text(x))" y="\(text(frame.top - 4))" text-anchor="\(x > 420 ? "end" : "start")">\(mark.text)</text>
                """
        }
        return frame.svg(
            name,
            """
            <path class="area" d="\(area)"/><path class="trace" d="\(path(places))"/>\(markLine)\(dots)\(labels)
            """)
    }

    /// A line over time within a scale that is always the same, such as that of a survey.
    ///
    /// - Parameter isSmall: it stands in a narrow card.
    package static func trace(
        _ name: String, _ points: [Point], within range: ClosedRange<Double>, isSmall: Bool = false
    ) -> HTML {
        guard points.count > 1 else { return "" }
        let frame = Frame(least: range.lowerBound, most: range.upperBound, total: isSmall ? 380 : 700)
        let step = frame.width / Double(points.count - 1)
        let places = points.enumerated().map {
            (x: frame.left + step * Double($0.offset), y: frame.y($0.element.value))
        }
        let dots = zip(places, points).map { place, point -> HTML in
            """
            <circle class="dot" cx="\(text(place.x))" cy="\(text(place.y))" r="3"><title>\(point.label): \(point.text)\
            </title></circle>
            """
        }
        let every = max(1, (points.count + (isSmall ? 3 : 6)) / (isSmall ? 4 : 7))
        let labels = points.enumerated().filter { $0.offset % every == 0 }.map { index, point -> HTML in
            let anchor = index == 0 ? "start" : index == points.count - 1 ? "end" : "middle"
            return """
                <text x="\(text(places[index].x))" y="\(text(frame.bottom + 18))" text-anchor="\(anchor)">\(point.label)</text>
                """
        }
        return frame.svg(name, "<path class=\"trace\" d=\"\(path(places))\"/>\(dots)\(labels)")
    }

    /// Columns side by side from 0 up; two a place when there are two series.
    package static func columns(_ name: String, _ labels: [String], _ series: [(name: String, values: [Int])]) -> HTML {
        guard let peak = series.flatMap(\.values).max(), !labels.isEmpty else { return "" }
        let frame = Frame(most: roundUp(Double(max(peak, 1))))
        let step = frame.width / Double(labels.count)
        let width = min(step * 0.8 / Double(series.count), 40)
        var columns: [HTML] = []
        for (number, one) in series.enumerated() {
            for (index, value) in one.values.enumerated() where value > 0 && index < labels.count {
                let middle = frame.left + step * (Double(index) + 0.5)
                let x = middle + width * (Double(number) - Double(series.count) / 2)
                let y = frame.y(Double(value))
                columns.append(
                    """
                    <rect class="column \(number > 0 ? "left" : "")" x="\(text(x))" y="\(text(y))" width="\(text(width * 0.94))" \
                    height="\(text(frame.bottom - y))" rx="1.5"><title>\(labels[index]), \(one.name): \(grouped(value))\
                    </title></rect>
                    """)
            }
        }
        let every = max(1, labels.count / 7)
        let under = labels.enumerated().filter { $0.offset % every == 0 }.map { index, label -> HTML in
            let x = frame.left + step * (Double(index) + 0.5)
            return "<text x=\"\(text(x))\" y=\"\(text(frame.bottom + 18))\" text-anchor=\"middle\">\(label)</text>"
        }
        return frame.svg(name, "\(columns)\(under)")
    }

    /// The place of a chart with its scale on the left.
    private struct Frame {
        var least = 0.0
        let most: Double
        var total = 700.0
        let left = 52.0
        let top = 18.0
        let bottom = 190.0

        var right: Double { total - 8 }
        var width: Double { right - left }

        func y(_ value: Double) -> Double {
            bottom - (bottom - top) * (min(max(value, least), most) - least) / (most - least)
        }

        func svg(_ name: String, _ content: HTML) -> HTML {
            let lines = [least, (least + most) / 2, most].map { value -> HTML in
                """
                <line class="axis" x1="\(text(left))" x2="\(text(right))" y1="\(text(y(value)))" y2="\(text(y(value)))"/>\
                <text x="\(text(left - 8))" y="\(text(y(value) + 4))" text-anchor="end">\(short(value))</text>
                """
            }
            return """
                <svg class="chart\(total < 700 ? " small" : "")" viewBox="0 0 \(text(total)) 216" role="img" aria-label="\(name)">\(lines)\(content)</svg>
                """
        }
    }

    /// 1, 2 or 5 times a power of ten, at least so large.
    private static func roundUp(_ value: Double) -> Double {
        var power = 1.0
        while power * 10 < value { power *= 10 }
        return [1, 2, 4, 5, 10].map { $0 * power }.first { $0 >= value } ?? value
    }

    /// `1,500`, `12k`, `3.4M`
    private static func short(_ value: Double) -> String {
        guard value.isFinite, value < 1e15 else { return "" }
        for (size, unit) in [(1e9, "G"), (1e6, "M"), (1e4, "k")] where value >= size {
            let amount = value / (unit == "k" ? 1e3 : size)
            return groupedDecimal("\((amount * 10).rounded() / 10)".replacing(/\.0$/, with: "")) + unit
        }
        return value == value.rounded() ? grouped(Int(value)) : "\((value * 10).rounded() / 10)"
    }

    private static func path(_ points: [(x: Double, y: Double)]) -> String {
        points.enumerated().map { "\($0.offset == 0 ? "M" : "L")\(text($0.element.x)) \(text($0.element.y))" }.joined()
    }

    /// A coordinate with at most one digit behind the point.
    private static func text(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
