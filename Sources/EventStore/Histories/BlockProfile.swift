import EventModel

/// A profile as it stands in a block.
struct BlockProfile: Hashable, Sendable {
    var number: ProfileNumber
    /// As the language shows it.
    var id: Text
}
