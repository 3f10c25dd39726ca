import EventModel

/// Canonical names of the events that the language gives a meaning of their own.
enum EventName {
    static let orderCompleted: Text = "Order Completed"
    static let orderUpdated: Text = "Order Updated"
    static let orderRefunded: Text = "Order Refunded"
    static let orderCancelled: Text = "Order Cancelled"
    static let productAdded: Text = "Product Added"
    static let wishlistProductAddedToCart: Text = "Wishlist Product Added to Cart"
    static let productRemoved: Text = "Product Removed"
    static let cartViewed: Text = "Cart Viewed"
    static let consentUpdated: Text = "Consent Updated"
    static let unsubscribed: Text = "Unsubscribed"
    static let messageBounced: Text = "Message Bounced"
    static let suppressed: Text = "Suppressed"
    static let pushSubscribed: Text = "Push Subscribed"
    static let pushUnsubscribed: Text = "Push Unsubscribed"
}
