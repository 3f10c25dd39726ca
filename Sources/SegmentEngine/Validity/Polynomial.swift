import EventModel

/// A polynomial in the milliseconds h that the clock is ahead of the frame's now.
struct Polynomial: Hashable {
    /// The coefficient of h^i at index i; no zeros at the end, none at all for zero.
    private(set) var coefficients: [Decimal128]

    /// More than definitions need; expressions of higher degree are followed by intervals.
    static let highestDegree = 8

    init(_ coefficients: [Decimal128]) {
        var used = coefficients
        while used.last?.isZero == true { used.removeLast() }
        self.coefficients = used
    }

    static let one = Polynomial([1])

    var isZero: Bool { coefficients.isEmpty }
    var isConstant: Bool { coefficients.count <= 1 }

    func adding(_ other: Polynomial, times sign: Decimal128 = 1) -> Polynomial? {
        var sum: [Decimal128] = []
        for index in 0..<max(coefficients.count, other.coefficients.count) {
            let mine = index < coefficients.count ? coefficients[index] : 0
            let others = index < other.coefficients.count ? other.coefficients[index] : 0
            guard let product = others.multiplied(by: sign), let term = mine.adding(product) else { return nil }
            sum.append(term)
        }
        return Polynomial(sum)
    }

    func multiplied(by other: Polynomial) -> Polynomial? {
        if isZero || other.isZero { return Polynomial([]) }
        let degree = coefficients.count + other.coefficients.count - 2
        guard degree <= Self.highestDegree else { return nil }
        var product = [Decimal128](repeating: 0, count: degree + 1)
        for (i, a) in coefficients.enumerated() {
            for (j, b) in other.coefficients.enumerated() {
                guard let term = a.multiplied(by: b), let sum = product[i + j].adding(term) else { return nil }
                product[i + j] = sum
            }
        }
        return Polynomial(product)
    }

    private var derivative: Polynomial? {
        var terms: [Decimal128] = []
        for (index, coefficient) in coefficients.enumerated().dropFirst() {
            guard let term = coefficient.multiplied(by: Decimal128(index)) else { return nil }
            terms.append(term)
        }
        return Polynomial(terms)
    }

    /// -1, 0 or 1; nil outside the decimals.
    private func sign(at h: Int64) -> Int? {
        var value: Decimal128 = 0
        for coefficient in coefficients.reversed() {
            guard let product = value.multiplied(by: Decimal128(Int(h))), let sum = product.adding(coefficient) else {
                return nil
            }
            value = sum
        }
        return value.isZero ? 0 : (value.isNegative ? -1 : 1)
    }

    /// The first whole h in 1...`limit` at which the sign is not what it is at 0; nil when there is none.
    ///
    /// Between two neighbouring extremes a polynomial only rises or only falls, and these are where the derivative
    /// changes its sign; so the search goes through the derivatives down to a constant.
    func firstTurn(upTo limit: Int64) -> Int64? {
        guard !isConstant, let start = sign(at: 0) else { return nil }
        if coefficients.count == 2, let turn = turnOfLine { return turn <= limit ? turn : nil }
        var low: Int64 = 0
        for end in extremes(upTo: limit) + [limit] where end > low {
            if let turn = turn(from: start, after: low, upTo: end) { return turn }
            low = end
        }
        return nil
    }

    /// The same for whole c0 + c1 h, without a search: `Int64.max` when there is no turn; nil outside whole numbers.
    private var turnOfLine: Int64? {
        guard let start = coefficients[0].scaled(exponent: 0), let slope = coefficients[1].scaled(exponent: 0),
            start != .min, slope != .min
        else { return nil }
        if start == 0 { return 1 }
        if (start < 0) == (slope < 0) { return .max }
        let steps = (abs(start) - 1) / abs(slope) + 1
        return max(steps, 1)
    }

    /// Whole numbers around the places where it turns from rising to falling or back, ascending.
    private func extremes(upTo limit: Int64) -> [Int64] {
        guard coefficients.count > 2, let derivative else { return [] }
        var found: [Int64] = []
        var low: Int64 = 0
        for end in derivative.extremes(upTo: limit) + [limit] where end > low {
            if let before = derivative.sign(at: low), let turn = derivative.turn(from: before, after: low, upTo: end) {
                found += [turn - 1, turn]
            }
            found.append(end)
            low = end
        }
        return Array(Set(found.filter { $0 > 0 && $0 <= limit })).sorted()
    }

    /// The first h after `low` up to `high` whose sign is not `start`, where the polynomial only rises or only falls.
    private func turn(from start: Int, after low: Int64, upTo high: Int64) -> Int64? {
        guard sign(at: high) != start else {
            return start != 0 && sign(at: low) != start && low > 0 ? low : nil
        }
        var same = low
        var turned = high
        while turned - same > 1 {
            let middle = same + (turned - same) / 2
            if sign(at: middle) == start { same = middle } else { turned = middle }
        }
        return turned
    }
}
