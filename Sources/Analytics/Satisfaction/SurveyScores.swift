import EventModel

/// The kinds of surveys that the ready segments know: answers are events `Survey Answered` with `survey` and `score`.
package enum Survey: String, Sendable, CaseIterable {
    /// Would recommend: 0 to 10.
    case nps = "NPS"
    /// Satisfied: 1 to 5.
    case csat = "CSAT"
    /// It was easy: 1 to 7.
    case ces = "CES"

    package var scores: ClosedRange<Int> {
        switch self {
        case .nps: 0...10
        case .csat: 1...5
        case .ces: 1...7
        }
    }
}

/// The answers of a survey by score, and what they come to.
package struct SurveyScores: Sendable, Equatable {
    package let survey: Survey
    /// How many answers have each score of `survey.scores`, the lowest first.
    package internal(set) var counts: [Int]

    /// - Parameter counts: by score; too many are left out, missing ones are 0.
    package init(_ survey: Survey, counts: [Int] = []) {
        self.survey = survey
        let room = survey.scores.count
        self.counts = Array(counts.prefix(room)) + [Int](repeating: 0, count: max(0, room - counts.count))
    }

    package var answers: Int { counts.reduce(0, +) }

    /// How many answers lie in a range of scores.
    package func count(in range: ClosedRange<Int>) -> Int {
        survey.scores.reduce(0) { $0 + (range.contains($1) ? counts[$1 - survey.scores.lowerBound] : 0) }
    }

    private func share(_ range: ClosedRange<Int>) -> Double? {
        answers > 0 ? Double(count(in: range)) / Double(answers) : nil
    }

    // MARK: - Shares, 0...1

    /// NPS: 9 and 10; CSAT: 4 and 5, "top 2"; CES: 5 to 7, "easy". Nil without answers.
    package var favourableShare: Double? {
        switch survey {
        case .nps: share(9...10)
        case .csat: share(4...5)
        case .ces: share(5...7)
        }
    }

    /// NPS: 0 to 6; CSAT: 1 and 2; CES: 1 to 3. Nil without answers.
    package var unfavourableShare: Double? {
        switch survey {
        case .nps: share(0...6)
        case .csat: share(1...2)
        case .ces: share(1...3)
        }
    }

    // MARK: - The headline

    /// NPS: promoters less detractors, -100 to 100 (Reichheld 2003). CSAT: percent of 4 and 5, 0 to 100. CES: the mean, 1
    /// to 7. Nil without answers.
    package var value: Double? {
        switch survey {
        case .nps: net
        case .csat: favourableShare.map { $0 * 100 }
        case .ces: mean
        }
    }

    /// Percent favourable less percent unfavourable, -100 to 100. Nil without answers.
    package var net: Double? {
        guard let favourableShare, let unfavourableShare else { return nil }
        return (favourableShare - unfavourableShare) * 100
    }

    /// The mean score. Nil without answers.
    package var mean: Double? {
        guard answers > 0 else { return nil }
        let sum = survey.scores.reduce(0) { $0 + $1 * counts[$1 - survey.scores.lowerBound] }
        return Double(sum) / Double(answers)
    }

    /// The sample standard deviation of the scores. Nil with fewer than two answers.
    package var standardDeviation: Double? {
        guard let mean, answers > 1 else { return nil }
        let squares = survey.scores.reduce(0.0) { sum, score in
            sum + Double(counts[score - survey.scores.lowerBound]) * (Double(score) - mean) * (Double(score) - mean)
        }
        return (squares / Double(answers - 1)).squareRoot()
    }

    /// The standard error of `value`, in its unit: of NPS from the variance of an answer that counts 1, 0 or -1, of CES
    /// from that of the scores. Nil for CSAT, whose interval is not symmetrical, and where it can't be told.
    package var standardError: Double? {
        let count = Double(answers)
        switch survey {
        case .nps:
            guard let favourableShare, let unfavourableShare else { return nil }
            let difference = favourableShare - unfavourableShare
            let variance = max(0, favourableShare + unfavourableShare - difference * difference)
            return 100 * (variance / count).squareRoot()
        case .csat: return nil
        case .ces: return standardDeviation.map { $0 / count.squareRoot() }
        }
    }

    /// Where `value` would lie, 95 times in 100: normal for NPS and CES, Wilson's (1927) for CSAT; within the scale. Nil
    /// where it can't be told.
    package var interval: ClosedRange<Double>? {
        switch survey {
        case .nps: normal(within: -100...100)
        case .csat: wilson
        case .ces: normal(within: 1...7)
        }
    }

    /// The 97.5 % quantile of the standard normal distribution.
    private static let z = 1.959963984540054

    private func normal(within scale: ClosedRange<Double>) -> ClosedRange<Double>? {
        guard let value, let standardError else { return nil }
        let reach = Self.z * standardError
        return max(scale.lowerBound, value - reach)...min(scale.upperBound, value + reach)
    }

    private var wilson: ClosedRange<Double>? {
        guard let share = favourableShare else { return nil }
        let count = Double(answers)
        let square = Self.z * Self.z
        let centre = (share + square / (2 * count)) / (1 + square / count)
        let reach =
            Self.z / (1 + square / count) * (share * (1 - share) / count + square / (4 * count * count)).squareRoot()
        return max(0, centre - reach) * 100...min(1, centre + reach) * 100
    }
}
