package import EventModel

/// Where changes of membership are read from, in the order in which they were made.
///
/// Called from one thread at a time, which it may keep waiting.
package protocol ChangeFeed: Sendable {
    /// Changes after a position, ascending, of these segments (nil: all), at most `limit`; and the position up to which
    /// the feed was searched: that of the last change that is answered when there may be more, else the end.
    ///
    /// The body is what is sent: `{"type": "segment.entered" or "segment.left", "timestamp": …, "data": {…}}`. It is the
    /// same whenever it is read, because the id of the message follows from it.
    func changes(
        after position: Int64, segments: Set<Text>?, limit: Int
    ) throws -> (changes: [(position: Int64, body: JSONValue)], searchedTo: Int64)

    /// The position of the last change there is, 0 when there is none. Asked often, so it should be quick.
    func end() throws -> Int64
}
