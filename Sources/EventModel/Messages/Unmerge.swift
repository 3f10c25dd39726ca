/// The decision that an anonymous id does not belong to a user, whatever messages say.
package struct Unmerge: Hashable, Sendable {
    package let anonymous: Text
    package let user: Text

    package init(anonymous: Text, user: Text) {
        self.anonymous = anonymous
        self.user = user
    }
}
