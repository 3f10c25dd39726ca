import EventModel
import SegmentLanguage
import TestSupport

@testable import Analytics

/// The paths from or to some events, found by plain loops over the events of each profile.
struct PathsTwin {
    private(set) var profiles = 0
    private(set) var outsideVisits = 0
    /// Each path with all its steps.
    private var paths: [[PathLabel]] = []
    private let depth: Int

    init(
        _ twin: Twin, _ workspace: RandomCase, _ now: Timestamp, _ query: PathsQuery, _ start: NamedEvents,
        _ steps: NamedEvents, _ property: Text?
    ) {
        depth = query.depth
        let visits = OverviewTwin(twin, workspace, Period(from: now, to: now))
        func label(_ event: Twin.Event) -> PathLabel {
            PathLabel(event: event.name, value: property.flatMap { event.properties[$0]?.identity })
        }
        for history in Dictionary(grouping: twin.events, by: \.profile).values {
            var taken = Timestamp.distantPast
            let before = paths.count
            for place in history.indices where start.matches(history[place]) && history[place].time > taken {
                let time = history[place].time
                var (first, last) = (time, time)
                switch query.scope {
                case .within(let length):
                    first = time.adding(milliseconds: -length.milliseconds)
                    last = time.adding(milliseconds: length.milliseconds)
                case .visit:
                    let home = visits.visits(of: history).first { visit in
                        time >= visit.start
                            && time.milliseconds(since: visit.events[visit.events.count - 1].time) <= 1_800_000
                    }
                    guard let home else {
                        outsideVisits += 1
                        continue
                    }
                    first = home.start
                    last = home.events[home.events.count - 1].time.adding(milliseconds: 1_800_000)
                }
                taken = last
                let others = query.direction == .after ? Array(history[(place + 1)...]) : history[..<place].reversed()
                var path = others.filter { steps.matches($0) && $0.time >= first && $0.time <= last }.map(label)
                if query.joinsRepeats {
                    let all = [label(history[place])] + path
                    path = zip(all, path).filter { $0 != $1 }.map(\.1)
                }
                paths.append(path)
            }
            if paths.count > before { profiles += 1 }
        }
    }

    func root(_ branches: Int) -> PathsQuery.Node { node(nil, paths, 0, branches) }

    /// - Parameter paths: what follows after the node, of each path that comes to it.
    private func node(_ label: PathLabel?, _ paths: [[PathLabel]], _ level: Int, _ branches: Int) -> PathsQuery.Node {
        var next: [PathsQuery.Node] = []
        if level < depth {
            let groups = Dictionary(grouping: paths.filter { !$0.isEmpty }) { $0[0] }
            let sorted = groups.sorted { left, right in
                left.value.count != right.value.count ? left.value.count > right.value.count : left.key < right.key
            }
            next = sorted.prefix(branches).map {
                node($0.key, $0.value.map { Array($0.dropFirst()) }, level + 1, branches)
            }
            let rest = sorted.dropFirst(branches)
            if !rest.isEmpty {
                let all = rest.flatMap(\.value)
                next.append(
                    PathsQuery.Node(
                        event: nil, value: nil, count: all.count, ended: all.count { $0.count == 1 }, next: [],
                        gathered: rest.count))
            }
        }
        return PathsQuery.Node(
            event: label?.event, value: label?.value, count: paths.count, ended: paths.count { $0.isEmpty }, next: next,
            gathered: 0)
    }
}
