package import EventModel

/// The questions about behaviour, whoever answers them: the embedded engine, or another store by its own means.
///
/// All answers are those of one snapshot of the histories; two backends over the same histories agree exactly.
package protocol BehaviorBackend: Sendable {
    /// Members of segments and values of metrics at an instant, which may lie in the past.
    func evaluate(
        at now: Timestamp, _ request: BatchEvaluator.Request, progress: (@Sendable (Double) -> Void)?
    ) async throws -> BatchResult

    /// All answers for one profile; nil when nobody has this id.
    func state(of id: Text, at now: Timestamp) async throws -> LiveEvaluator.State?

    /// Since when a profile has been in those of these segments that it is in, where that can be told from its own
    /// history; nil when nobody has this id.
    func memberSince(
        _ segments: Set<Text>, of id: Text, at now: Timestamp
    ) async throws -> [Text: MembershipStart]?

    /// The lines of a profile's cart, for plans that ask for carts; nil when nobody has this id.
    func cart(of id: Text, at now: Timestamp) async throws -> [CartLine]?

    /// Why a profile is in a segment or not; nil when there is no such profile or definition at that instant.
    func explain(_ definition: Text, profile id: Text, at now: Timestamp) async throws -> Explanation?
}
