import EventModel
import EventStore

/// What `shoal evaluate` reads besides definitions: events and, perhaps, products.
struct EvaluationInput: Sendable {
    let source: MemoryHistorySource
    /// What is worth telling about the events, a line each.
    let notes: [String]

    /// - Parameter receivedAt: the time of events that have none.
    init(events path: String, products: String?, zone: Zone, receivedAt: Timestamp) throws(CommandError) {
        let catalogue = try products.map(Self.catalogue) ?? .empty
        let settings = WorkspaceSettings(zone: zone, catalogue: catalogue)
        let decoder = MessageDecoder(settings: settings)
        var messages: [Message] = []
        var notes: [String] = []
        var problems: [LineProblem] = []
        for (line, bytes) in try Lines(of: path) {
            let defaults = MessageDecoder.Defaults(messageID: Text("line-\(line)"))
            do throws(MessageError) {
                messages.append(try decoder.decode(bytes, receivedAt: receivedAt, defaults: defaults))
            } catch {
                if error.isAboutNumber {
                    notes.append("\(path):\(line): event left out: \(error.detail)  [\(error.code)]")
                } else {
                    problems.append(LineProblem(line: line, code: error.code.string, detail: error.detail))
                }
            }
        }
        guard problems.isEmpty else { throw Self.failure(path, problems) }
        source = MemoryHistorySource(messages: messages, settings: settings)
        self.notes = notes
    }

    private struct LineProblem {
        let line: Int
        let code: String
        let detail: String
    }

    private static func catalogue(_ path: String) throws(CommandError) -> Catalogue {
        var products: [JSONValue] = []
        for (line, bytes) in try Lines(of: path) {
            do throws(JSONError) {
                let product = try JSONReader.parse(bytes)
                guard product.object?["product_id" as Text]?.identity != nil else {
                    throw JSONError(.syntax, offset: 0, "an object with product_id is wanted")
                }
                products.append(product)
            } catch {
                throw failure(path, [LineProblem(line: line, code: error.code.rawValue, detail: error.detail)])
            }
        }
        return Catalogue(products: products)
    }

    private static func failure(_ path: String, _ problems: [LineProblem]) -> CommandError {
        let shown = problems.prefix(20).map { "line \($0.line): \($0.detail)  [\($0.code)]" }
        let rest = problems.count > shown.count ? ["and \(counted(problems.count - shown.count, "more line"))"] : []
        let count = problems.count == 1 ? "a line" : "\(grouped(problems.count)) lines"
        return CommandError(
            "bad-lines", .data, "\(count) of \"\(path)\" can't be read; nothing was evaluated",
            at: (shown + rest).joined(separator: "\n"),
            advice: "mend or remove these lines; each is one JSON object")
    }
}

extension MessageError {
    /// Numbers that no decimal can hold take their event with them, but not the others (language, section 4).
    fileprivate var isAboutNumber: Bool {
        [JSONError.Code.numberDigits.rawValue, JSONError.Code.numberRange.rawValue].contains(code.string)
    }
}

/// The lines of a file that are not blank, with their numbers, the first being 1.
private struct Lines: Sequence {
    private let bytes: [UInt8]

    init(of path: String) throws(CommandError) { bytes = try LocalFiles.read(path) }

    func makeIterator() -> AnyIterator<(Int, [UInt8])> {
        var rest = bytes.withoutByteOrderMark
        var number = 0
        return AnyIterator {
            while !rest.isEmpty {
                let end = rest.firstIndex(of: 10) ?? rest.endIndex
                let line = rest[rest.startIndex..<end]
                rest = end < rest.endIndex ? rest[(end + 1)...] : []
                number += 1
                if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return (number, Array(line)) }
            }
            return nil
        }
    }
}
