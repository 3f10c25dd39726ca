import EventModel
import Foundation
import Logging

/// Writes one JSON object a line to standard error.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    private let label: String
    private let clock: any Clock

    init(label: String, clock: any Clock) {
        self.label = label
        self.clock = clock
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = JSONObject([
            ("time", .string(Text(clock.now().iso8601))), ("level", .string(Text(event.level.rawValue))),
            ("message", .string(Text("\(event.message)"))),
        ])
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted(by: {
            $0.key < $1.key
        }) {
            let name = Text(key == "hb.request.id" ? "request" : key)
            if !line.contains(name) { line.append(name, .string(Text("\(value)"))) }
        }
        FileHandle.standardError.write(Data(JSONWriter.bytes(of: .object(line)) + [UInt8(ascii: "\n")]))
    }
}
