import EventModel

/// How far segments share their members, every two of them.
struct OverlapReport: Sendable {
    let asOf: Timestamp
    let zone: Zone
    let names: [String]
    /// `shared[i][j]`: members of both `names[i]` and `names[j]`; on the diagonal the sizes.
    let shared: [[Int]]

    /// Members of both, as a share of the members of either (the Jaccard index); nil when both are empty.
    func jaccard(_ first: Int, _ second: Int) -> Double? {
        let either = shared[first][first] + shared[second][second] - shared[first][second]
        return either > 0 ? Double(shared[first][second]) / Double(either) : nil
    }

    /// The share of the first's members that are the second's too.
    func share(of first: Int, in second: Int) -> String {
        percentage(shared[first][second], of: shared[first][first])
    }

    func text(width: Int?, style: Style) -> String {
        var text = "Overlap as of \(style.strong(spokenInstant(asOf, in: zone)))\n"
        text += "Each row: members of that segment who are also in the segment of the column.\n\n"
        var table = Table([.text("segment")] + names.map { .number($0) })
        for row in names.indices {
            var cells = [Table.Cell(names[row], .strong)]
            for column in names.indices {
                let count = grouped(shared[row][column])
                cells.append(
                    row == column ? Table.Cell(count, .dim) : Table.Cell("\(count)  \(share(of: row, in: column))"))
            }
            table.append(cells)
        }
        text += table.text(width: width, style: style) + "\n"
        var pairs = Table([.text("pair"), .number("both"), .number("either"), .number("Jaccard")])
        for (first, second) in pairIndices {
            let either = shared[first][first] + shared[second][second] - shared[first][second]
            pairs.append([
                Table.Cell("\(names[first]) and \(names[second])"), Table.Cell(grouped(shared[first][second])),
                Table.Cell(grouped(either)), Table.Cell(jaccard(first, second).map(percentage) ?? "–"),
            ])
        }
        return text + pairs.text(width: width, style: style)
    }

    private var pairIndices: [(Int, Int)] {
        names.indices.flatMap { first in names.indices.filter { $0 > first }.map { (first, $0) } }
    }

    var json: JSONValue {
        .object([
            ("asOf", .time(asOf)),
            (
                "segments",
                .array(names.indices.map { .object([("name", .text(names[$0])), ("size", .count(shared[$0][$0]))]) })
            ),
            (
                "pairs",
                .array(
                    pairIndices.map { first, second in
                        .object([
                            ("first", .text(names[first])),
                            ("second", .text(names[second])),
                            ("both", .count(shared[first][second])),
                            ("shareOfFirst", .share(shared[first][second], of: shared[first][first])),
                            ("shareOfSecond", .share(shared[first][second], of: shared[second][second])),
                            (
                                "jaccard",
                                .share(
                                    shared[first][second],
                                    of: shared[first][first] + shared[second][second] - shared[first][second])
                            ),
                        ])
                    })
            ),
        ])
    }
}
