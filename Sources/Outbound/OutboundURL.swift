internal import CCurl

/// Which texts are URLs that requests can be sent to.
package enum OutboundURL {
    /// Whether it is http or https with a host, in visible ASCII, without user, password and fragment.
    ///
    /// The library that sends is asked, so no two readers of URLs can disagree; it would also take one slash, or three.
    /// Whether the address is open shows only when it is connected to.
    package static func isUsable(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), shoal_url_is_usable(text) else { return false }
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count >= 3 && ["http:", "https:"].contains(parts[0].lowercased()) && parts[1].isEmpty
            && !parts[2].isEmpty
    }
}
