import EventModel
import Outbound

// What the routes of webhooks show.

extension WebhookSender.Entry {
    var json: JSONValue {
        let progress = webhook.progress
        let segments: JSONValue = webhook.segments.map { .array($0.sorted().map { .string($0) }) } ?? .null
        return .object(
            JSONObject([
                ("id", .string(Text(webhook.id))), ("url", .string(Text(webhook.url))),
                ("description", .string(webhook.description)), ("segments", segments),
                ("created", .instant(webhook.created)), ("paused", .bool(webhook.pause != nil)),
                ("pauseReason", webhook.pause.map { .string(Text($0.rawValue)) } ?? .null),
                ("position", .count(Int(progress.cursor))), ("tries", .count(progress.tries)),
                ("failingSince", .instant(progress.firstTry)), ("nextTry", .instant(progress.nextTry)),
                ("deadLetters", .count(deadLetters)),
            ]))
    }
}

extension Attempt {
    var json: JSONValue {
        .object(
            JSONObject([
                ("id", .count(Int(id))), ("time", .instant(time)), ("kind", .string(Text(kind.rawValue))),
                ("message", .string(Text(message))), ("position", .count(position.map { Int($0) })),
                ("outcome", .string(Text(outcome.rawValue))), ("status", .count(status)),
                ("milliseconds", .count(milliseconds)),
            ]))
    }
}

extension DeadLetter {
    var json: JSONValue {
        .object(
            JSONObject([
                ("id", .count(Int(id))), ("message", .string(Text(message.id))),
                ("position", .count(message.position.map { Int($0) })),
                ("body", (try? JSONReader.parse(message.body)) ?? .null), ("firstTry", .instant(firstTry)),
                ("failed", .instant(failed)), ("tries", .count(tries)),
                ("outcome", .string(Text(outcome.rawValue))), ("status", .count(status)), ("queued", .bool(isQueued)),
            ]))
    }
}

extension JSONValue {
    static func count(_ number: Int?) -> JSONValue { number.map { .number(Decimal128($0)) } ?? .null }

    static func instant(_ time: Timestamp?) -> JSONValue { time.map { .string(Text($0.iso8601)) } ?? .null }
}
