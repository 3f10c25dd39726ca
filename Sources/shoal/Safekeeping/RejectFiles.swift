import EventModel
import Foundation

/// The rows that imports refused: `rejects/*.jsonl` in a data directory.
struct RejectFiles: Sendable {
    let folder: String

    /// Removes the lines in which somebody occurs, and answers how many they were.
    func erase(_ traces: Traces) throws(CommandError) -> Int {
        var count = 0
        for name in LocalFiles.files(below: folder, ending: "") {
            let path = "\(folder)/\(name)"
            let lines = try LocalFiles.read(path).split(separator: 0x0A)
            let kept = lines.filter { !traces.occur(in: Array($0)) }
            guard kept.count < lines.count else { continue }
            count += lines.count - kept.count
            if kept.isEmpty {
                try LocalFiles.remove(path)
            } else {
                try LocalFiles.write(Array(kept.joined(separator: [0x0A])) + [0x0A], to: path)
            }
        }
        return count
    }
}
