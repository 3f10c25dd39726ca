import EventModel
import SegmentLanguage

/// Which events a query asks for, resolved to name codes block by block.
final class Pattern: Sendable {
    /// Index among the plan's patterns.
    let index: Int
    let source: EventPattern

    init(index: Int, source: EventPattern) {
        self.index = index
        self.source = source
    }

    var isVisit: Bool { source == .visit }

    /// The names it can match; nil when that depends on the names there are.
    var names: Set<Text>? {
        switch source {
        case .named(let name): [name]
        case .anyOf(let names): Set(names)
        case .anyEvent, .like: nil
        case .visit: Vocabulary.browsingEvents
        }
    }

    /// Whether events of this canonical name match; visits match by no name.
    func matches(_ name: Text) -> Bool {
        switch source {
        case .named(let wanted): wanted == name
        case .anyOf(let wanted): wanted.contains(name)
        case .anyEvent: true
        case .like(let pattern): Self.matches(name, like: pattern)
        case .visit: false
        }
    }

    /// Whether the whole name fits a pattern in which `*` is any run of characters.
    ///
    /// Complexity: O(name x stars), by going back to the last star only.
    static func matches(_ name: Text, like pattern: Text) -> Bool {
        let name = Array(name.utf8)
        let pattern = Array(pattern.utf8)
        let star = UInt8(ascii: "*")
        var at = 0
        var wanted = 0
        var afterStar: Int?
        var retryAt = 0
        while at < name.count {
            if wanted < pattern.count, pattern[wanted] == star {
                wanted += 1
                afterStar = wanted
                retryAt = at
            } else if wanted < pattern.count, pattern[wanted] == name[at] {
                wanted += 1
                at += 1
            } else if let restart = afterStar {
                retryAt += 1
                at = retryAt
                wanted = restart
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == star }
    }
}
