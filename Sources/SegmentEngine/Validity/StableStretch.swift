/// How long an outcome stays certain while only the clock runs.
enum StableStretch {
    /// Nothing in the language looks further ahead than this: beyond the years 1 to 9999 from any of them.
    static let longest: Int64 = 1 << 50

    /// The first instant after `now` at which `outcome` is no longer certain.
    ///
    /// - Parameter outcome: certain or not over [now, now + h] for a horizon h in ms; certainty over a stretch must
    ///   imply certainty over every shorter one. It is taken to be certain at h = 0.
    /// - Complexity: about 100 calls at most; 2 log2 of the stretch found.
    static func end(from now: Int64, isCertain outcome: (Int64) -> Bool) -> Int64 {
        var certain: Int64 = 0
        var step: Int64 = 1
        while outcome(step) {
            certain = step
            if step >= longest { return never }
            step *= 2
        }
        var uncertain = step
        while uncertain - certain > 1 {
            let middle = certain + (uncertain - certain) / 2
            if outcome(middle) { certain = middle } else { uncertain = middle }
        }
        return now.addingSaturating(certain + 1)
    }
}
