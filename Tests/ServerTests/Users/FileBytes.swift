import Foundation

/// The bytes of a file as a text that can be searched.
enum FileBytes {
    static func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
