import EventModel
import EventStore

/// Makes messages of what clients send, and has them stored.
struct MessageIntake: Sendable {
    let store: EventStore
    let queue: IngestQueue
    let clock: any Clock
    let random: any RandomSource
    /// Who watches messages come in.
    let tail: ArrivalTail

    /// What became of one message of a request.
    enum Outcome {
        case taken
        case refused(MessageError)
    }

    /// The messages of a request, decoded.
    struct Work {
        var job: IngestQueue.Job
        var outcomes: [Outcome]
    }

    func decode(_ call: TrackingCall, _ key: AccessKey, received: Timestamp) -> Work {
        let decoder = MessageDecoder(settings: store.settings, options: .network)
        var work = Work(job: IngestQueue.Job(source: key.name, messages: [], refused: []), outcomes: [])
        func refuse(_ error: MessageError, _ body: [UInt8]) {
            work.job.refused.append(
                RejectLog.Entry(
                    received: received, source: key.name, code: error.code, message: error.detail, body: body))
            work.outcomes.append(.refused(error))
        }
        for entry in call.entries {
            switch entry {
            case .refused(let error, let body): refuse(error, body)
            case .item(let item):
                do throws(MessageError) {
                    work.job.messages.append(try decode(item, decoder, received, kind: call.kind))
                    work.outcomes.append(.taken)
                } catch {
                    refuse(error, item.original)
                }
            }
        }
        return work
    }

    /// Returns what became of the decoded messages when they are on the disk.
    func store(_ work: Work) async throws -> [EventStore.Verdict] {
        guard !work.outcomes.isEmpty else { return [] }
        let verdicts = try await queue.append(work.job)
        tail.note(work.job, verdicts, at: clock.now())
        return verdicts
    }

    private func decode(
        _ item: TrackingCall.Item, _ decoder: MessageDecoder, _ received: Timestamp, kind: MessageKind?
    ) throws(MessageError) -> Message {
        guard item.original.count <= decoder.options.bytes.value else { throw MessageError(decoder.options.bytes) }
        let hasID = item.object["messageId"]?.text?.isEmpty == false
        return try decoder.decode(
            item.object, original: item.original, receivedAt: received,
            defaults: MessageDecoder.Defaults(kind: kind, messageID: hasID ? nil : freshID()))
    }

    /// For a message without an id of its own: it cannot be told from a second one like it.
    private func freshID() -> Text {
        func hex(_ number: UInt64) -> String {
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return Text("shoal-\(hex(random.next()))\(hex(random.next()))")
    }
}
