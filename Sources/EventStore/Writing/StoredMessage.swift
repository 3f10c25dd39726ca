package import EventModel

/// A message with what the store gave it: its place in the order of arrival and the identifier it stands under.
package struct StoredMessage: Sendable {
    /// Unique in a workspace, ascending in the order of acceptance, from 1.
    package let arrival: UInt64
    /// The code of the source it came from.
    let source: UInt32
    /// The identifier it stands under: its user id's, else its anonymous id's; nil when it names nobody.
    let identifier: ProfileNumber?
    package let message: Message

    /// Whether it makes a row: group and alias messages do not, nor does one that names nobody.
    var hasRow: Bool { identifier != nil && message.kind != .group && message.kind != .alias }
}
