import EventModel
import SegmentLanguage

/// All profiles and definitions, and what has been found out about them so far.
///
/// Nothing here changes but the memory of answers, each of which is determined by its key.
final class World {
    struct Question: Hashable {
        let name: Text
        let profile: Text
        let instant: Int64
    }

    struct Answer<Value> {
        let value: Value
        let watch: Watch
    }

    let settings: WorkspaceSettings
    let profiles: [Profile]
    let definitions: [Text: Definition]

    private var memberships: [Question: Answer<Bool>] = [:]
    private var metrics: [Question: Answer<ReferenceValue>] = [:]
    var timelines: [Question: Timeline] = [:]
    var rankings: [RankingKey: Answer<Ranking>] = [:]
    private var motions: [Text: Motion] = [:]
    private var regexes: [RegexKey: Regex2] = [:]

    private struct RegexKey: Hashable {
        let pattern: Text
        let ignoringCase: Bool
    }

    init(program: Program, settings: WorkspaceSettings, messages: [Message], unmerged: Set<Unmerge>) {
        self.settings = settings
        profiles = ReferenceEvaluation.profiles(
            of: messages, joinsHandles: settings.joinsHandles, without: unmerged)
        definitions = Dictionary(program.definitions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether a profile is in a segment at an instant; `watch` takes over what that depends on, `delay` later.
    func isMember(
        _ profile: Profile, of segment: Text, at instant: Int64, delay: Int64 = 0, watch: Watch
    ) -> Bool {
        let answer = membership(of: profile, in: segment, at: instant)
        watch.absorb(answer.watch, delay: delay)
        return answer.value
    }

    func membership(of profile: Profile, in segment: Text, at instant: Int64) -> Answer<Bool> {
        let question = Question(name: segment, profile: profile.id, instant: instant)
        if let known = memberships[question] { return known }
        let answer = ask(profile, at: instant, otherwise: false) { scope in
            definitions[segment]?.condition.map { scope.holds($0) } ?? false
        }
        memberships[question] = answer
        return answer
    }

    func metric(_ name: Text, of profile: Profile, at instant: Int64, watch: Watch) -> ReferenceValue {
        let answer = metric(name, of: profile, at: instant)
        watch.absorb(answer.watch)
        return answer.value
    }

    func metric(_ name: Text, of profile: Profile, at instant: Int64) -> Answer<ReferenceValue> {
        let question = Question(name: name, profile: profile.id, instant: instant)
        if let known = metrics[question] { return known }
        let builtIn: Value? = name == "net_orders" || name == "net_revenue" ? Value(.metric(name)) : nil
        let answer = ask(profile, at: instant, otherwise: .null) { scope in
            (definitions[name]?.value ?? builtIn).map { scope.value($0) } ?? .null
        }
        metrics[question] = answer
        return answer
    }

    /// A regular expression, compiled once; nil when it is none.
    func regex(_ pattern: Text, ignoringCase: Bool) -> Regex2? {
        let key = RegexKey(pattern: pattern, ignoringCase: ignoringCase)
        if let known = regexes[key] { return known }
        let compiled = try? Regex2(pattern: pattern, ignoringCase: ignoringCase)
        regexes[key] = compiled
        return compiled
    }

    /// Evaluates something of a profile, which before its first message is nothing.
    private func ask<Value>(
        _ profile: Profile, at instant: Int64, otherwise nothing: Value, _ body: (Scope) -> Value
    ) -> Answer<Value> {
        let watch = Watch(now: instant)
        if let next = profile.times.first(where: { $0 > instant }) { watch.note(next) }
        guard profile.exists(at: instant) else { return Answer(value: nothing, watch: watch) }
        let value = body(Scope(world: self, profile: profile, now: instant, watch: watch))
        return Answer(value: value, watch: watch)
    }
}

extension Profile {
    func exists(at instant: Int64) -> Bool {
        created.map { $0 <= instant } ?? false
    }
}

// MARK: - Values that move with the clock

/// How a value goes on while nothing happens.
enum Motion: Int, Comparable {
    /// It stays, up to instants that are watched.
    case still
    /// It moves with the clock, evenly.
    case even
    /// It moves unevenly: products, quotients and choices of moving values.
    case uneven

    static func < (left: Motion, right: Motion) -> Bool { left.rawValue < right.rawValue }
}

extension World {
    func moves(_ value: Value) -> Bool { motion(of: value) != .still }
    func winds(_ value: Value) -> Bool { motion(of: value) == .uneven }

    private func motion(of value: Value) -> Motion {
        switch value.kind {
        case .now, .ago, .fromNow: return .even
        case .negated(let inner), .timeFunction(_, _, let inner): return motion(of: inner)
        case .arithmetic(let left, let arithmetic, let right):
            let (one, other) = (motion(of: left), motion(of: right))
            switch arithmetic {
            case .add, .subtract: return max(one, other)
            case .multiply: return one != .still && other != .still ? .uneven : max(one, other)
            case .divide: return other == .still ? one : .uneven
            }
        case .aggregate(_, let operand, _):
            return operand.map { motion(of: $0) == .still ? .still : .uneven } ?? .still
        case .metric(let name): return motion(ofMetric: name)
        default: return .still
        }
    }

    private func motion(ofMetric name: Text) -> Motion {
        if let known = motions[name] { return known }
        let found = definitions[name]?.value.map { motion(of: $0) } ?? .still
        motions[name] = found
        return found
    }
}
