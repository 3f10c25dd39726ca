package import EventModel
import EventStore
import SegmentEngine
package import SegmentLanguage

/// The values that events have most often, among all events or for each value of another property.
///
/// Values are the same when their texts are (language, section 4). Where a value speaks of items, each item counts.
package struct TopQuery: Sendable {
    package let value: SegmentLanguage.Value
    package let events: EventQuery
    /// Each value of this has a list of its own; events without one are passed over. Nil: one list.
    package let group: SegmentLanguage.Value?
    /// How long a list may be.
    package let limit: Int

    package init(
        _ value: SegmentLanguage.Value, of events: EventQuery, by group: SegmentLanguage.Value? = nil, limit: Int
    ) {
        self.value = value
        self.events = events
        self.group = group
        self.limit = max(limit, 0)
    }

    package struct Answer: Sendable, Equatable {
        /// By the group's value; one list without a value when there is no group.
        package let lists: [List]
    }

    package struct List: Sendable, Equatable {
        package let group: Text?
        /// Most frequent first; of equal counts numbers before texts, each ascending.
        package let entries: [Entry]
        /// How many different values there are, and how many events have one.
        package let distinct: Int
        package let total: Int
    }

    package struct Entry: Sendable, Equatable {
        package let value: Text
        package let count: Int
    }

    /// Complexity: O(rows of the events), and memory for each pair of values.
    @concurrent
    package func answer(from input: ReportInput) async throws -> Answer {
        let values = [(of: value, query: 0)] + (group.map { [(of: $0, query: 0)] } ?? [])
        let rows = EventRows([events], values: values, settings: input.settings)
        let isGrouped = group != nil
        let gathered = try await input.gather(rows, into: PairCounts()) { counts, reader in
            counts.add(reader, isGrouped: isGrouped)
        }
        return Answer(lists: PairCounts.lists(of: gathered, isGrouped: isGrouped, limit: limit))
    }
}
