package import EventModel

extension ImportSummary {
    /// What became of a file, for programs: of `shoal import --json` and of the API.
    package var json: JSONValue {
        .object([
            ("file", .text(path)),
            ("format", .text(format)),
            ("outcome", .text(outcomeWord)),
            ("rows", .count(rows)),
            ("stored", .count(taken)),
            ("storedByEvent", .counts(takenByEvent)),
            ("duplicates", .count(duplicates)),
            ("products", .count(products)),
            ("productsUnchanged", .count(productsUnchanged)),
            ("passedOver", .counts(passedOver)),
            ("rejected", .counts(rejected)),
            ("rejectsFile", rejectsPath.map { .text($0) }),
            ("warnings", .counts(warnings)),
            ("profiles", .count(profiles)),
            ("orders", .count(orders)),
            ("revenue", revenue.map { .number($0) }),
            ("bytes", .count(Int(bytes))),
            ("milliseconds", .count(Int(milliseconds))),
        ])
    }

    private var outcomeWord: String {
        switch outcome {
        case .complete: "complete"
        case .interrupted: "interrupted"
        case .failed: "failed"
        }
    }
}

extension JSONValue {
    /// Counts by name, in the order of the names.
    package static func counts(_ counts: [Text: Int]) -> JSONValue {
        .object(counts.sorted { $0.key < $1.key }.map { ($0.key.string, .count($0.value)) })
    }
}
