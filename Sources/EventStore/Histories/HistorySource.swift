package import EventModel

/// Where evaluation reads histories from: a snapshot that does not change while it is held.
///
/// Blocks partition the profiles that have rows; each may be decoded on its own thread.
package protocol HistorySource: Sendable {
    var settings: WorkspaceSettings { get }
    /// Profile numbers are below this; some may have no rows.
    var profileCount: Int { get }
    var blockCount: Int { get }

    /// Decodes a block. `index` is in `0..<blockCount`.
    func block(_ index: Int, projection: Projection) throws -> HistoryBlock
    /// One profile's history as a block of one profile; nil when it has no rows.
    func history(of profile: ProfileNumber, projection: Projection) throws -> HistoryBlock?
    /// The profile that is shown under this id, or that an anonymous id belongs to.
    func profileNumber(for id: Text) -> ProfileNumber?
    /// The id under which a profile that has rows is shown.
    func profileID(of profile: ProfileNumber) -> Text
}
