import EventModel
import ReferenceEvaluation
import SegmentLanguage
import TestSupport
import Testing

/// Laws that hold of every history, asked of random ones.
@Suite struct RandomPropertyTests {
    private static let laws = """
        metric spent: sum(revenue of "Order Completed")
        metric seen: count(any event in last 30 days)
        metric idle: now - last(any event)
        segment a: did "A" where x > 1 in last 7 days
        segment b: did "Product Viewed" at least 2 times
        segment some: did any event

        segment and_1: in segment a and in segment b
        segment and_2: in segment b and in segment a
        segment not_1: did not "B" where flag = true in last 30 days
        segment not_2: not did "B" where flag = true in last 30 days
        segment every_1: every "A" has (x > 1)
        segment every_2: did "A" and not did "A" where not x > 1
        segment split_1: count("A") = 3
        segment split_2: count("A" in last 7 days) + count("A" before 7 days ago) = 3
        segment zero_1: was in segment a 0 days ago
        segment zero_2: in segment a
        segment once_1: for some category: did "Product Viewed"
        segment once_2: for at least 1 category: did "Product Viewed"
        segment tops_1: spent in top 30% of segment some
        segment tops_2: spent in top 30% of segment some and in segment some
        segment item_1: did "Order Completed" where products.price > 9
        segment item_2: did "Order Completed" where any item (products.price > 9)
        segment net_1: net_orders <= count("Order Completed")
        segment net_2: profile.created exists
        segment short_1: in segment a for at least 0 days
        segment short_2: in segment a
        segment came_1: in segment a and not entered segment a in last 7 days
        segment came_2: in segment a and in segment a for at least 7 days
        segment sorted_1: sequence("A" then "B", within 90000 days)
        segment sorted_2: did "B" since first "A" and did "A"
        """

    @Test(arguments: 1...60)
    func `what says the same gives the same`(seed: UInt64) throws {
        let made = RandomHistories.make(seed: seed)
        let evaluator = try evaluator(Self.laws, made)
        for instant in made.instants {
            let members = evaluator.segments(at: instant)
            for name in members.keys where name.string.hasSuffix("_1") {
                let twin = Text(name.string.dropLast() + "2")
                #expect(members[name] == members[twin], "\(name) at \(instant)")
            }
        }
    }

    private static let moving = """
        metric spent: sum(revenue of "Order Completed" in last 30 days)
        metric idle: now - last(any event)
        segment s1: did "A" in last 7 days or did "Product Viewed" from 3 days ago to 1 days ago
        segment s2: trait.birthday anniversary in next 7 days
        segment s3: trait.birthday anniversary today or last("Order Completed") anniversary in last 14 days
        segment s4: idle > 3 days and idle < 14 days
        segment s5: did "Page Viewed" this week or did "A" yesterday or did "B" last month
        segment s6: did "A" where when between now and 7 days from now
        segment s7: entered segment s1 in last 14 days and not left segment s4 this month
        segment s8: in segment s1 for at least 2 days
        segment s9: spent in top 50%
        segment s10: did "Product Viewed" in at least 2 of last 3 days
        segment s11: sequence("Product Viewed" then not "Order Completed", within 3 days, same product_id)
        segment s12: trait.renewal < now or date(trait.renewal) = date(now)
        segment s13: local_weekday(now) = sunday and did any event in last 90 days
        segment s14: was in segment s8 3 days ago
        segment s15: for some category: (did "Product Viewed" in last 3 days and did not "Order Completed" in last 7 days)
        segment s16: visits(any event in last 14 days) >= 2 and cart.updated < 1 days ago
        segment s17: count(any event) / ((now - profile.created) / 1 days + 1) > 1
        """

    @Test(arguments: 1...6)
    func `the changes that are found say what a look at any instant says`(seed: UInt64) throws {
        let made = RandomHistories.make(seed: 1_000 + seed)
        let walking = try evaluator(Self.moving, made)
        let looking = try evaluator(Self.moving, made)
        let now = made.instants[0].milliseconds
        var random = SeededRandom(seed: seed)
        let day: Int64 = 86_400_000
        let lengths = [0, 1, 2, 3, 7, 14, 30].map { $0 * day }
        var probes: [Int64] = []
        for _ in 0..<40 {
            guard let time = random.element(of: made.messages)?.time.milliseconds,
                let length = random.element(of: lengths), let side = random.element(of: [-1, 0, 1] as [Int64])
            else { continue }
            probes.append(time + length + side)
            probes.append(now - Int64(random.int(below: 40 * 86_400_000)))
        }
        for profile in walking.profiles {
            for segment in (1...17).map({ Text("s\($0)") }) {
                let changes = walking.changes(of: segment, profile: profile, through: Timestamp(milliseconds: now))
                for probe in probes where probe <= now {
                    let instant = Timestamp(milliseconds: probe)
                    let expected = changes.last { $0.instant <= instant }?.isMember ?? false
                    let found = looking.holds(segment: segment, profile: profile, at: instant)
                    #expect(found == expected, "\(segment) of \(profile) at \(instant)")
                }
            }
        }
    }

    private func evaluator(_ definitions: String, _ made: RandomCase) throws -> ReferenceEvaluator {
        let (program, diagnostics) = Binder.bind([Parser.parse(definitions)], zone: made.settings.zone)
        let errors = diagnostics.filter { $0.severity == .error }
        try #require(errors.isEmpty, "\(errors.map(\.message))")
        return ReferenceEvaluator(program: program, settings: made.settings, messages: made.messages)
    }
}
