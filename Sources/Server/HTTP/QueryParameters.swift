import EventModel
import Hummingbird

extension Request {
    /// A whole number of the query; nil when it is not there.
    func number(_ name: String, _ range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let text = uri.queryParameters[Substring(name)] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw APIError(
                .badRequest, "bad-parameter",
                "\(name) is a whole number from \(range.lowerBound) on"
                    + (range.upperBound < Int.max ? ", at most \(range.upperBound)." : "."))
        }
        return number
    }

    /// Which page of a list is asked for: what comes after an id, and how much.
    func page() throws(APIError) -> (after: Int, limit: Int) {
        (try number("after", 0...Int.max) ?? 0, try number("limit", 1...1_000) ?? 100)
    }

    /// An instant of the query; nil when it is not there.
    func instant(_ name: String, zone: Zone) throws(APIError) -> Timestamp? {
        guard let text = uri.queryParameters[Substring(name)] else { return nil }
        guard let instant = Timestamp(iso8601: String(text), zone: zone) else {
            throw APIError(
                .badRequest, "bad-parameter", "\(name) is a date or a time, as in 2026-03-01 or 2026-03-01T09:30:00Z.")
        }
        return instant
    }

    /// A text of the query; nil when it is not there.
    func text(_ name: String) -> Text? { queryFields.first { $0.name == name }.map { Text($0.value) } }

    /// The query as forms send it, in its order: a `+` is a blank. What cannot be decoded stays as it came.
    var queryFields: [(name: String, value: String)] {
        (uri.query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                FormFields.decoded(Array(part.utf8)[...]) ?? String(part)
            }
            return (parts[0], parts.count == 2 ? parts[1] : "")
        }
    }
}
