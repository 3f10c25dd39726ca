package import EventModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The public test vectors of the segment language, sorted by file name; none where the shared folder is absent.
package func publicVectors() throws -> [JSONObject] {
    guard let folder = sharedPath("vectors/public") else { return [] }
    return try fileNames(in: folder).filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
        try JSONReader.parse(readFile(folder + "/" + name)).object
    }
}

/// The bytes of a file; none when it cannot be read.
package func readFile(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        if count == 0 { return bytes }
        bytes += chunk[..<count]
    }
}

private func fileNames(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        names.append(
            withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            })
    }
    return names
}
