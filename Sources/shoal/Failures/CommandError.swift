/// Why a command could not do what it was asked, as the person reads it.
///
/// Three parts: what happened, where, what to do next; and the code that `docs/errors.md` lists.
struct CommandError: Error, Sendable, Equatable {
    let code: String
    let exit: ExitStatus
    let message: String
    let place: String?
    let advice: String?

    init(_ code: String, _ exit: ExitStatus, _ message: String, at place: String? = nil, advice: String? = nil) {
        self.code = code
        self.exit = exit
        self.message = message
        self.place = place
        self.advice = advice
    }
}

/// The exit codes of the program, as in sysexits(3).
enum ExitStatus: Int32, Sendable, CaseIterable {
    /// The command line is wrong: an unknown option, a name that does not exist.
    case usage = 64
    /// The data or the definitions are wrong.
    case data = 65
    /// A file that was named is not there or can't be read.
    case noInput = 66
    /// Something that is needed is not to be had, as a port.
    case unavailable = 69
    /// A file or folder can't be made.
    case cantCreate = 73
    /// Reading or writing failed midway.
    case inputOutput = 74
    /// The environment or the file of settings is wrong.
    case configuration = 78
}

extension CommandError {
    /// The lines for standard error.
    ///
    /// ```
    /// error: there is no file "orders.csv"  [file-not-found]
    ///   at:   /home/me
    ///   next: check the name
    /// ```
    func text(style: Style = .plain) -> String {
        var lines = printableLines(message)
        lines[0] = style.text("error:", .bad) + " \(lines[0])  " + style.dim("[\(code)]")
        if let place { lines += labelled("at:", place, style) }
        if let advice { lines += labelled("next:", advice, style) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The text behind a label, its further lines below its first.
    private func labelled(_ label: String, _ text: String, _ style: Style) -> [String] {
        printableLines(text).enumerated().map { index, line in
            "  " + style.dim(padded(index == 0 ? label : "", to: 5)) + " " + line
        }
    }

    /// At least one line.
    private func printableLines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { printable(String($0)) }
    }
}
