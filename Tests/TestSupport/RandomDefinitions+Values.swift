import EventModel
import SegmentLanguage

extension DefinitionMaker {
    // MARK: - By type

    mutating func anyValue(_ depth: Int) -> Value {
        switch below(6) {
        case 0: number(depth)
        case 1: time(depth)
        case 2: length(depth)
        case 3: day(depth)
        case 4: Value(.aggregate(.list, of: summand(depth), query(depth)))
        default: unknown(depth)
        }
    }

    mutating func number(_ depth: Int) -> Value {
        guard depth > 0 else {
            return chance(6) ? Value(.percent(element(pool.numbers))) : Value(.number(element(pool.numbers)))
        }
        switch below(12) {
        case 0, 1, 2:
            return Value(
                .arithmetic(number(depth - 1), element(ArithmeticOperator.allCases), number(depth - 1)))
        case 3:
            return Value(.negated(number(depth - 1)))
        case 4: return Value(.aggregate(element([.count, .days, .visits]), of: nil, query(depth - 1)))
        case 5, 6:
            let aggregate = element([Aggregate.sum, .average, .minimum, .maximum, .median, .distinct])
            return Value(.aggregate(aggregate, of: summand(depth), query(depth - 1)))
        case 7: return Value(.cart(element([.value, .items, .quantity])))
        case 8: return Value(.metric(element(numericMetrics + ["net_orders", "net_revenue"])))
        case 9:
            return Value(
                .timeFunction(element([.hour, .weekday, .month, .year]), local: chance(2), time(depth - 1)))
        case 10: return Value(.arithmetic(length(depth - 1), .divide, length(0)))
        default: return Value(.number(element(pool.numbers)))
        }
    }

    mutating func time(_ depth: Int) -> Value {
        guard depth > 0 else { return Value(.time(timeLiteral())) }
        switch below(9) {
        case 0: return Value(.now)
        case 1: return Value(.ago(duration()))
        case 2: return Value(.fromNow(duration()))
        case 3, 4: return Value(.aggregate(chance(2) ? .first : .last, of: nil, query(depth - 1)))
        case 5: return Value(chance(2) ? .profileCreated : .cart(.updated))
        case 6: return timeMetrics.isEmpty ? Value(.profileCreated) : Value(.metric(element(timeMetrics)))
        case 7: return Value(.arithmetic(time(depth - 1), chance(2) ? .add : .subtract, length(0)))
        default: return Value(.time(timeLiteral()))
        }
    }

    /// A length of time.
    mutating func length(_ depth: Int) -> Value {
        guard depth > 0 else { return Value(.duration(duration())) }
        switch below(4) {
        case 0: return Value(.arithmetic(time(depth - 1), .subtract, time(depth - 1)))
        case 1: return Value(.arithmetic(length(depth - 1), chance(2) ? .multiply : .divide, number(0)))
        case 2: return Value(.negated(length(depth - 1)))
        default: return Value(.duration(duration()))
        }
    }

    mutating func day(_ depth: Int) -> Value {
        Value(.timeFunction(.date, local: chance(2), depth > 0 ? time(depth - 1) : trait()))
    }

    mutating func dateValue(_ depth: Int) -> Value { chance(2) ? trait() : time(depth) }

    /// Something whose type only the data tells.
    mutating func unknown(_ depth: Int) -> Value {
        switch below(4) {
        case 0, 1: Value(.aggregate(element([.first, .last, .mostFrequent]), of: property(), query(depth - 1)))
        default: trait()
        }
    }

    // MARK: - Literals

    mutating func trait() -> Value { Value(.trait(element(pool.traits))) }

    mutating func string() -> Value { Value(.string(element(pool.strings))) }

    /// A literal of any type.
    mutating func scalar() -> Value {
        switch below(8) {
        case 0: Value(.bool(chance(2)))
        case 1: Value(.time(timeLiteral()))
        case 2: Value(.weekday(element(Weekday.allCases)))
        case 3, 4: string()
        default: Value(.number(element(pool.numbers)))
        }
    }

    // MARK: - X of aggregates

    /// A property, or arithmetic on properties and numbers.
    mutating func summand(_ depth: Int) -> Value {
        depth > 0 && chance(3) ? arithmeticOfProperties(depth) : property()
    }

    mutating func arithmeticOfProperties(_ depth: Int) -> Value {
        let left = depth > 1 && chance(2) ? arithmeticOfProperties(depth - 1) : property()
        let right =
            switch below(4) {
            case 0: Value(.number(element(pool.numbers)))
            case 1 where depth > 1: arithmeticOfProperties(depth - 1)
            default: property()
            }
        let value = Value(.arithmetic(left, element(ArithmeticOperator.allCases), right))
        return chance(6) ? Value(.negated(value)) : value
    }
}
