import EventModel

/// A line of small blocks, one a value, between the smallest and the largest of them: `▁▂▃▅▇`.
///
/// Changes of less than a tenth of the largest value do not fill the whole height, so that a few profiles more or
/// less do not look like a landslide. Values that are all alike give a flat line at the bottom, no values nothing.
func sparkline(_ values: [Int]) -> String {
    guard let low = values.min(), let high = values.max() else { return "" }
    let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    return String(
        values.map { value in
            guard high > low else { return blocks[0] }
            let span = max(Double(high) - Double(low), Double(high) / 10)
            let share = (Double(value) - Double(low)) / span
            return blocks[step(share, of: blocks.count - 1)]
        })
}

/// A horizontal bar for a share of 0...1, in eighths of a cell.
func bar(_ share: Double, width: Int) -> String {
    let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let parts = step(share, of: width * 8)
    var result = String(repeating: "█", count: parts / 8)
    if parts % 8 > 0 { result.append(eighths[parts % 8 - 1]) }
    return result
}

/// A chart of columns over time, a few lines high, with the scale at its left and labels below.
///
/// ```
/// 1,204 │      ▃█
///   602 │  ▂▅▇███
///     0 │▁▅██████
///       └────────
///        1 Jan  1 Feb
/// ```
///
/// The scale starts at 0 and ends at the largest value.
struct ColumnChart: Sendable {
    let values: [Int]
    let firstLabel: String
    let lastLabel: String
    var height = 6
    /// Cells for each value.
    var columnWidth = 2

    func text(indent: Int = 0, style: Style = .plain) -> String {
        guard let high = values.max(), high > 0, height > 1 else { return "" }
        let scale = (0..<height).map { line in
            line == 0 || line == height / 2 ? grouped(high * (height - line) / height) : ""
        }
        let scaleWidth = max(scale.map { displayWidth(of: $0) }.max() ?? 0, 1)
        let margin = String(repeating: " ", count: indent)
        var result = ""
        for line in 0..<height {
            let label = padded(scale[line], to: scaleWidth, .right)
            result += margin + style.dim(label + " │") + style.text(columns(line, high: high), .accent) + "\n"
        }
        let bottom = values.count * columnWidth
        result += margin + style.dim(padded("0", to: scaleWidth, .right) + " └" + String(repeating: "─", count: bottom))
        let room = max(bottom - displayWidth(of: lastLabel), displayWidth(of: firstLabel) + 2)
        let labels = padded(firstLabel, to: room) + lastLabel
        return result + "\n" + margin + style.dim(String(repeating: " ", count: scaleWidth + 2) + labels) + "\n"
    }

    private func columns(_ line: Int, high: Int) -> String {
        let blocks: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        return values.map { value in
            let eighths = step(Double(value) / Double(high), of: height * 8)
            let here = min(8, max(0, eighths - (height - 1 - line) * 8))
            return String(repeating: blocks[here], count: columnWidth)
        }.joined()
    }
}

/// The nearest of the steps 0...count to a share; anything outside 0...1 counts as the end it passes.
private func step(_ share: Double, of count: Int) -> Int {
    guard share > 0 else { return 0 }
    guard share < 1 else { return count }
    return Int((share * Double(count)).rounded())
}
