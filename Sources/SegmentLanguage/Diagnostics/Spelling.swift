/// Which of the known words somebody may have meant.
package enum Spelling {
    /// The closest candidate, ignoring case, when it is close enough to be meant.
    ///
    /// Ties go to the candidate that sorts first. The bound grows with the length: a third of it, at most 4; words of
    /// one or two letters may be anything.
    /// - Complexity: O(candidates x length²).
    package static func closest(to word: String, among candidates: [String]) -> String? {
        let word = Array(word.lowercased().unicodeScalars.prefix(64))
        guard !word.isEmpty else { return nil }
        let bound = min(4, word.count / 3)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let scalars = Array(candidate.lowercased().unicodeScalars.prefix(64))
            guard abs(scalars.count - word.count) <= bound else { continue }
            let distance = distance(word, scalars)
            guard distance <= bound else { continue }
            if let current = best, (current.distance, current.candidate) <= (distance, candidate) { continue }
            best = (candidate, distance)
        }
        return best?.candidate
    }

    /// Insertions, deletions, replacements and swaps of neighbours needed to turn one word into the other.
    package static func distance(_ left: String, _ right: String) -> Int {
        distance(Array(left.unicodeScalars.prefix(64)), Array(right.unicodeScalars.prefix(64)))
    }

    /// Optimal string alignment distance (Damerau 1964, restricted to swaps of neighbours).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforePrevious = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for i in 1...left.count {
            var row = [Int](repeating: 0, count: right.count + 1)
            row[0] = i
            for j in 1...right.count {
                let cost = left[i - 1] == right[j - 1] ? 0 : 1
                var best = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + cost)
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    best = min(best, beforePrevious[j - 2] + 1)
                }
                row[j] = best
            }
            beforePrevious = previous
            previous = row
        }
        return previous[right.count]
    }
}

/// Lets a check look for likely spellings as long as it takes little time: with thousands of names each look is long.
struct SpellingBudget {
    /// Candidates that may still be compared.
    private var left = 200_000

    mutating func closest(to word: String, among candidates: [String]) -> String? {
        guard left >= candidates.count else { return nil }
        left -= candidates.count
        return Spelling.closest(to: word, among: candidates)
    }
}
