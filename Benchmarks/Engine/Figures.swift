import EventModel
import EventStore
import Foundation

/// Everything that was measured, as it is printed.
struct Figures: Codable {
    var data: String
    var asOf: String
    var threads: Int
    var repetitions: Int
    var profiles: Int
    var blocks: Int
    /// Opening the store and taking a snapshot, the first time in this process.
    var open: Opening
    var together: Together?
    var alone: [String: Single]?
    var constructs: [String: Single]?
    var reports: [String: Report]?
    var board: Board?
    var preview: Preview?
    var live: Live?
    var peakMegabytes = 0

    struct Opening: Codable {
        var cpuMs: Double
        var wallMs: Double
    }

    /// All definitions of a file in one pass.
    struct Together: Codable {
        var cost: Cost
        var members: [String: Membership]
    }

    /// One definition in a pass of its own, compiled anew each time.
    struct Single: Codable {
        var cost: Cost
        var members: Membership?
    }

    /// A report, as rows of texts.
    struct Report: Codable {
        var cost: Cost
        /// Of the rows joined by line ends, their cells by commas.
        var digest: String
        var rows: [[String]]
    }

    /// All segments of the data directory, with the net orders and net revenue of every profile.
    struct Board: Codable {
        var cost: Cost
        var segments: Int
    }

    struct Preview: Codable {
        var cpuMicroseconds: Spread
        var wallMicroseconds: Spread
    }

    struct Membership: Codable {
        var count: Int
        var digest: String?
    }

    /// One profile at the instant of one of its events: all definitions, with the instants until which they are sure.
    struct Live: Codable {
        var definitions: Int
        /// Reading and decoding the profile's history from the store.
        var fetchMicroseconds: Spread
        /// Evaluating all definitions from nothing over a history at hand.
        var evaluateMicroseconds: Spread
        /// Deciding anew when the event arrives, the answers of the event before and the history with it at hand.
        var redecideMicroseconds: Spread
        var members: Int
    }

    init(_ opened: OpenedStore) {
        data = opened.directory
        asOf = opened.now.iso8601
        threads = opened.threads
        repetitions = opened.repetitions
        profiles = opened.snapshot.profileCount
        blocks = opened.snapshot.blockCount
        open = opened.opening
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
