import Analytics
import EventModel

/// A tree of paths as a flow from left to right, or, of what came before, to the right end.
///
/// Each node is as high as its share of all paths; what is too thin to be seen is gathered with the other branches. The
/// numbers stand in the table beside it.
struct PathsDrawing {
    let root: PathsQuery.Node
    /// What the root is called.
    let start: String
    let direction: PathsQuery.Direction
    let depth: Int

    private let width = 980.0
    private let nodeWidth = 12.0
    /// All paths together are so high.
    private let fullHeight = 300.0
    private let gap = 8.0
    /// Room for a line of text.
    private let leastSlot = 17.0
    private let top = 8.0
    /// A share of all paths below which a branch is not drawn by itself.
    private let leastShare = 0.015

    private struct Place {
        let title: String
        let count: Int
        let kind: Kind
        let level: Int
        var y = 0.0
        let height: Double
        var next: [Place] = []
        /// Of itself with all that follows.
        var slot = 0.0
    }

    private enum Kind: String {
        case start, step, other, end
    }

    var html: HTML {
        guard root.count > 0 else { return "" }
        var place = made(root, title: start, kind: .start, level: 0)
        lay(&place, from: top)
        let height = place.slot + 2 * top
        var links: [HTML] = []
        var nodes: [HTML] = []
        draw(place, &links, &nodes)
        let way = direction == .after ? "after" : "before"
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="The flow">
            <svg class="flow" viewBox="0 0 \(text(width)) \(text(height))" role="img" aria-label="What happened \(way) \(start); the table below has the same numbers">\
            \(links)\(nodes)</svg></div>
            """
    }

    // MARK: - Places

    private func made(_ node: PathsQuery.Node, title: String, kind: Kind, level: Int) -> Place {
        var place = Place(title: title, count: node.count, kind: kind, level: level, height: height(node.count))
        guard level < depth, node.gathered == 0 else {
            place.slot = max(place.height, leastSlot)
            return place
        }
        var rest = 0
        for next in node.next {
            if next.event == nil || Double(next.count) / Double(root.count) < leastShare {
                rest += next.count
            } else {
                place.next.append(made(next, title: PathsView.title(next), kind: .step, level: level + 1))
            }
        }
        if rest > 0 { place.next.append(leaf("other", rest, .other, level + 1)) }
        if node.ended > 0 { place.next.append(leaf("end", node.ended, .end, level + 1)) }
        let below = place.next.reduce(0) { $0 + $1.slot } + gap * Double(max(place.next.count - 1, 0))
        place.slot = max(place.height, below, leastSlot)
        return place
    }

    private func leaf(_ title: String, _ count: Int, _ kind: Kind, _ level: Int) -> Place {
        var place = Place(title: title, count: count, kind: kind, level: level, height: height(count))
        place.slot = max(place.height, leastSlot)
        return place
    }

    private func height(_ count: Int) -> Double { max(1, fullHeight * Double(count) / Double(max(root.count, 1))) }

    /// Each node stands at the middle of what follows it.
    private func lay(_ place: inout Place, from y: Double) {
        place.y = y + (place.slot - place.height) / 2
        let below = place.next.reduce(0) { $0 + $1.slot } + gap * Double(max(place.next.count - 1, 0))
        var start = y + (place.slot - below) / 2
        for index in place.next.indices {
            lay(&place.next[index], from: start)
            start += place.next[index].slot + gap
        }
    }

    // MARK: - Drawing

    /// The left edge of the nodes of a level.
    private func x(_ level: Int) -> Double {
        // The last level's texts need room beside it.
        let step = (width - nodeWidth - 215) / Double(max(depth, 1))
        let x = step * Double(level)
        return direction == .after ? x : width - nodeWidth - x
    }

    private func draw(_ place: Place, _ links: inout [HTML], _ nodes: inout [HTML]) {
        let isAfter = direction == .after
        var y = place.y
        for next in place.next {
            let from = isAfter ? x(place.level) + nodeWidth : x(place.level)
            let to = isAfter ? x(next.level) : x(next.level) + nodeWidth
            let middle = (from + to) / 2
            // A band as high as what goes on.
            let thickness = min(next.height, max(place.height, 1))
            let (start, end) = (y + thickness / 2, next.y + next.height / 2)
            links.append(
                """
                <path class="band \(next.kind.rawValue)" d="M\(text(from)) \(text(start))C\(text(middle)) \(text(start)) \
                \(text(middle)) \(text(end)) \(text(to)) \(text(end))" stroke-width="\(text(thickness))"><title>\(place.title) \
                \(isAfter ? "→" : "←") \(next.title): \(counted(next.count, "path"))</title></path>
                """)
            y += thickness
            draw(next, &links, &nodes)
        }
        let left = x(place.level)
        let isAtEnd = direction == .before
        let share = percentage(place.count, of: root.count)
        nodes.append(
            """
            <rect class="node \(place.kind.rawValue)" x="\(text(left))" y="\(text(place.y))" width="\(text(nodeWidth))" \
            height="\(text(place.height))" rx="2"><title>\(place.title): \(counted(place.count, "path")), \(share)</title></rect>\
            <text x="\(text(isAtEnd ? left - 6 : left + nodeWidth + 6))" y="\(text(place.y + place.height / 2 + 4))" \
            text-anchor="\(isAtEnd ? "end" : "start")"><tspan>\(shortened(place.title))</tspan><tspan class="share" dx="5">\(share)</tspan></text>
            """)
    }

    private var lettersOfATitle: Int { depth <= 3 ? 22 : depth == 4 ? 15 : 11 }

    private func shortened(_ title: String) -> String {
        title.count <= lettersOfATitle ? title : title.prefix(lettersOfATitle - 1) + "…"
    }

    /// A coordinate with at most one digit behind the point.
    private func text(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
