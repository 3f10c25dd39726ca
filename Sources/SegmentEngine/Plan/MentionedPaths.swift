import EventModel
import SegmentLanguage

/// Which properties of events a filter or an expression names, in the order in which they stand.
extension Condition {
    var mentionedPaths: [PropertyPath] {
        switch kind {
        case .and(let operands), .or(let operands): operands.flatMap(\.mentionedPaths)
        case .not(let operand), .anyItem(let operand), .everyItem(let operand): operand.mentionedPaths
        case .compare(let left, _, let right, _), .text(let left, _, let right, _):
            left.mentionedPaths + right.mentionedPaths
        case .between(let value, let low, let high):
            value.mentionedPaths + low.mentionedPaths + high.mentionedPaths
        case .isIn(let value, let elements, _, _): value.mentionedPaths + elements.flatMap(\.mentionedPaths)
        case .exists(let value, _), .anniversary(let value, _): value.mentionedPaths
        default: []
        }
    }
}

extension SegmentLanguage.Value {
    var mentionedPaths: [PropertyPath] {
        switch kind {
        case .property(let path): [path]
        case .arithmetic(let left, _, let right): left.mentionedPaths + right.mentionedPaths
        case .negated(let value), .timeFunction(_, _, let value): value.mentionedPaths
        default: []
        }
    }
}
