/// The ready segments and the metrics they stand on: definitions of the segment language that every store
/// has from its first import.
///
/// The files in `ReadySegments/` are built into the program, so that it stays one file; a user can read and
/// copy them. Above each definition stand two comments, `# What:` and `# Why:`.
package enum ReadySegments {
    /// One file of the library.
    package struct File: Hashable, Sendable {
        /// The topic and the ending, as in `carts.shoal`.
        package let name: String
        /// The whole text, in the segment language.
        package let text: String
    }

    /// What a person wants to know of a definition before reading it.
    package struct Entry: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            case segment, metric
        }

        package let kind: Kind
        package let name: String
        package let title: String
        /// One sentence: what the segment holds, or what the metric measures.
        package let what: String
        /// One sentence: the reason it matters.
        package let why: String
        /// The name of the file it stands in.
        package let file: String
    }

    /// All files, in the order in which they are best read.
    package static let files: [File] = [
        File("base.shoal", PackageResources.base_shoal),
        File("visitors.shoal", PackageResources.visitors_shoal),
        File("carts.shoal", PackageResources.carts_shoal),
        File("buyers.shoal", PackageResources.buyers_shoal),
        File("value.shoal", PackageResources.value_shoal),
        File("coupons.shoal", PackageResources.coupons_shoal),
        File("timing.shoal", PackageResources.timing_shoal),
        File("engagement.shoal", PackageResources.engagement_shoal),
        File("satisfaction.shoal", PackageResources.satisfaction_shoal),
        File("lifecycle.shoal", PackageResources.lifecycle_shoal),
        File("rfm.shoal", PackageResources.rfm_shoal),
        File("rfm_scores.shoal", PackageResources.rfm_scores_shoal),
        File("metrics.shoal", PackageResources.metrics_shoal),
        File("store.shoal", PackageResources.store_shoal),
    ]

    /// Every definition of every file, in the order of the files.
    package static let entries: [Entry] = files.flatMap { entries(of: $0) }

    /// The five segments of which every profile is in exactly one.
    package static let baseSegments = [
        "visitors", "new_customers", "active_customers", "loyal_customers", "lapsed_customers",
    ]

    /// The entry of that name, or nil.
    package static func entry(named name: String) -> Entry? {
        entries.first { $0.name == name }
    }

    /// Reads the comments and the heads of the definitions of a file; the definitions themselves are the parser's.
    static func entries(of file: File) -> [Entry] {
        var found: [Entry] = []
        var what = ""
        var why = ""
        for line in file.text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let text = line.text(after: "# What: ") {
                what = text
            } else if let text = line.text(after: "# Why: ") {
                why = text
            } else if let (kind, name, title) = head(line) {
                found.append(
                    Entry(kind: kind, name: name, title: title, what: what, why: why, file: file.name))
                what = ""
                why = ""
            }
        }
        return found
    }

    /// The parts of `segment NAME "Title":`, or nil for any other line.
    private static func head(_ line: Substring) -> (Entry.Kind, String, String)? {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == ":" else { return nil }
        let words = parts[0].split(separator: " ")
        guard words.count == 2, let kind = Entry.Kind(rawValue: String(words[0])) else { return nil }
        return (kind, String(words[1]), String(parts[1]))
    }
}

extension ReadySegments.File {
    fileprivate init(_ name: String, _ bytes: [UInt8]) {
        self.init(name: name, text: String(decoding: bytes, as: UTF8.self))
    }
}

extension Substring {
    /// The rest of the line when it starts with `mark`, else nil.
    fileprivate func text(after mark: String) -> String? {
        hasPrefix(mark) ? String(dropFirst(mark.count)) : nil
    }
}
