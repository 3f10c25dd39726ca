#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The folder of data and test vectors that is not part of the package; nil where it is absent.
///
/// `SHOAL_SHARED` names it; without that it is `shared` beside the package's own folder. Tests that need it are
/// enabled by `.enabled(if: sharedFolder != nil, "the shared folder is absent")`.
package let sharedFolder: String? = {
    if let named = getenv("SHOAL_SHARED").map({ String(cString: $0) }), isFolder(named) { return named }
    // This file lies three levels below the package's folder.
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(4)
    let beside = parts.joined(separator: "/") + "/shared"
    return isFolder(beside) ? beside : nil
}()

/// A path in the shared folder, or nil when it or the file is absent.
package func sharedPath(_ relative: String) -> String? {
    guard let path = sharedFolder.map({ $0 + "/" + relative }), access(path, R_OK) == 0 else { return nil }
    return path
}

private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
