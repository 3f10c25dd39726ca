package import EventModel
import EventStore

/// One Segment-protocol message a line, as JSON.
///
/// A message without `messageId` is known by what its line says; two equal lines are two messages. Messages keep their
/// bytes. Times without an offset are in the workspace's zone.
package struct SegmentMessages: Format {
    package static let kind = ImportKind.messages
    package static let title = "Segment messages (JSON Lines)"
    package static let namespace: Text = "messages"
    package static let requirements: [[Field]] = []
    package static let rules: [FieldRule] = []

    private let context: FormatContext

    package init(context: FormatContext) {
        self.context = context
    }

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        for row in rows {
            do throws(RowProblem) {
                decoded.add(try draft(Array(row[0])), from: [row])
            } catch {
                decoded.reject(row, error)
            }
        }
    }

    private func draft(_ line: [UInt8]) throws(RowProblem) -> MessageDraft {
        let object = try Self.object(line)
        var identity = MessageDraft.Identity.row(RowDigest(bytes: line))
        if let id = object["messageId" as Text]?.identity, !id.isEmpty { identity = .given(id) }
        return MessageDraft(identity: identity, time: context.importedAt, body: .message(object, original: line))
    }

    /// The JSON object a line holds.
    static func object(_ line: [UInt8]) throws(RowProblem) -> JSONObject {
        do throws(JSONError) {
            guard let object = try JSONReader.parse(line).object else {
                throw JSONError(.syntax, offset: 0, "the line is no JSON object")
            }
            return object
        } catch {
            throw RowProblem(Text(error.code.rawValue), "\(error.detail) at byte \(error.offset) of the line")
        }
    }
}
