import CAssets
import Crypto

/// A script or a style that pages load: a file of `Web/`, built into the program.
///
/// Its path has a hash of its bytes in it, so a browser may keep it for ever.
package struct Asset: Sendable {
    /// `dashboard.css`
    package let name: String
    /// `/assets/dashboard-0123456789abcdef.css`
    package let path: String
    package let type: String
    package let gzipped: [UInt8]
    /// Nil for what is kept only compressed.
    private let plain: [UInt8]?

    /// As it is, for clients that take no gzip; nil when it cannot be had.
    package var bytes: [UInt8]? { plain ?? Gzip.inflate(gzipped) }

    /// - Parameter file: a name that ends in `.gz` is of bytes that are compressed already.
    init?(file: String, _ bytes: [UInt8]) {
        let isCompressed = file.hasSuffix(".gz")
        name = isCompressed ? String(file.dropLast(3)) : file
        guard let dot = name.lastIndex(of: "."), let gzipped = isCompressed ? bytes : Gzip.deflate(bytes) else {
            return nil
        }
        let hash = SHA256.hash(data: bytes).prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        path = "/assets/\(name[..<dot])-\(hash.joined())\(name[dot...])"
        type = name.hasSuffix(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
        self.gzipped = gzipped
        plain = isCompressed ? nil : bytes
    }
}

/// All assets, made once.
package struct Assets: Sendable {
    package static let shared = Assets()

    /// By name.
    package let all: [Asset]
    private let byName: [String: Asset]
    private let byFile: [String: Asset]

    private init() {
        var found: [Asset] = []
        var index = 0
        while let entry = shoal_asset_at(index)?.pointee {
            let bytes = Array(UnsafeBufferPointer(start: entry.bytes, count: entry.count))
            if let asset = Asset(file: String(cString: entry.name), bytes) { found.append(asset) }
            index += 1
        }
        all = found.sorted { $0.name < $1.name }
        byName = Dictionary(found.map { ($0.name, $0) }) { first, _ in first }
        byFile = Dictionary(found.map { (String($0.path.dropFirst("/assets/".count)), $0) }) { first, _ in first }
    }

    /// By the name of its file; nil when it was not there when the program was built.
    package subscript(name: String) -> Asset? { byName[name] }

    /// By the last part of a path, as in `dashboard-0123456789abcdef.css`.
    package func file(_ name: String) -> Asset? { byFile[name] }
}
