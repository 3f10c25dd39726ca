/// What keeps a file from being imported. Rows that are bad do not; they are rejected one by one.
package enum ImportError: Error, Hashable, Sendable {
    case noSuchFile(path: String)
    case notAFile(path: String)
    case unreadable(path: String, reason: String)
    case damagedGzip(path: String, reason: String)
}
