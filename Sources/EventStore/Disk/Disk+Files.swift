/// What is made of several calls to a disk.
extension Disk {
    /// Puts a file in the place of what has its name, in one step that lasts.
    func replace(_ path: String, with bytes: [UInt8]) throws(DiskError) {
        let temporary = "\(path).new"
        if try size(temporary) != nil { try remove(temporary) }
        let file = try create(temporary)
        try file.write(bytes)
        try file.sync()
        try file.close()
        try rename(temporary, to: path)
        try syncDirectory(parent(of: path))
    }

    /// The bytes of a file, or nil when nothing has that name.
    func contents(_ path: String) throws(DiskError) -> [UInt8]? {
        guard try size(path) != nil else { return nil }
        let map = try map(path)
        defer { withExtendedLifetime(map) {} }
        return Array(map.bytes)
    }

    /// Removes a folder with everything in it; one that is not there is no error.
    func removeTree(_ path: String) throws(DiskError) {
        guard try size(path) != nil else { return }
        for name in try list(path) {
            do throws(DiskError) { try remove("\(path)/\(name)") } catch {
                if error.reason == .notFound { continue }
                try removeTree("\(path)/\(name)")
            }
        }
        try removeDirectory(path)
    }

    /// Makes the folders between a folder and a file below it.
    func makeFolders(of name: String, in folder: String) throws(DiskError) {
        var made = folder
        for part in name.split(separator: "/").dropLast() {
            made += "/\(part)"
            if try size(made) == nil { try createDirectory(made) }
        }
    }

    /// The folder that a path stands in.
    func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
