import ArgumentParser
import EventModel
import Server

extension Console {
    /// Runs something that tells how many bytes are done; Ctrl-C breaks it off.
    ///
    /// - Throws: exit code 130 when it was broken off.
    func withProgress<Value>(
        _ label: String, _ body: (LocalProgress) async throws -> Value
    ) async throws -> Value {
        let printer = ProgressPrinter(label, unit: nil, on: notes, clock: Shoal.clock)
        let progress = LocalProgress(
            isCancelled: { Interruption.isRequested },
            tell: { done, total in
                printer.show(done: done, fraction: total > 0 ? Double(done) / Double(total) : 1)
            })
        defer { printer.clear() }
        do {
            return try await body(progress)
        } catch is CancellationError where Interruption.isRequested {
            printer.clear()
            note("interrupted; nothing was left behind\n")
            throw ExitCode(130)
        }
    }
}

extension JSONValue {
    /// A count that an answer of our own has under a name.
    func count(of name: Text) -> Int { object?[name]?.decimal?.asInt() ?? 0 }

    /// A text that an answer of our own has under a name.
    func words(of name: Text) -> String { object?[name]?.text?.string ?? "" }
}
