import EventModel
import SegmentLanguage

/// The first or last matching event, from which or up to which a window reaches.
final class AnchorNode: Sendable {
    let edge: SegmentLanguage.Window.Edge
    let query: QueryNode
    var traits: NodeTraits { query.traits }

    init(edge: SegmentLanguage.Window.Edge, query: QueryNode) {
        self.edge = edge
        self.query = query
    }

    /// Its place in history; nil when there is none.
    func find(_ frame: Frame) -> (position: Position?, until: Int64) {
        if let found = query.edge(edge, frame) {
            return (found.row.map { frame.evaluator.position(of: $0) }, found.until)
        }
        var best: Position?
        let until = query.forEachMatch(frame) { place in
            let position = frame.evaluator.position(of: Int(place.row))
            guard let known = best else {
                best = position
                return
            }
            best = edge == .first ? min(known, position) : max(known, position)
        }
        return (best, until)
    }
}
