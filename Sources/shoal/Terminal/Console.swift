import Foundation
import Glibc

/// Where a command's words go: what was asked for to standard output, notes for people to standard error.
struct Console: Sendable {
    let output: Channel
    let notes: Channel

    static let standard = Console(
        output: Channel(descriptor: STDOUT_FILENO), notes: Channel(descriptor: STDERR_FILENO))

    /// Writes a result.
    ///
    /// - Throws: `cannot-write-output` when standard output is full or broken.
    func print(_ text: String) throws(CommandError) { try output.write(text) }

    /// Writes a note; when even that fails there is nobody left to tell.
    func note(_ text: String) { try? notes.write(text) }
}

/// One of the two streams, with what it can show.
struct Channel: Sendable {
    let descriptor: Int32
    let isTerminal: Bool
    /// Cells a line has; nil where lines have no end (a file, a pipe).
    let width: Int?
    let style: Style

    init(descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        width = isTerminal ? Channel.columns(of: descriptor) : nil
        style = Channel.wantsColours(isTerminal: isTerminal, environment: environment) ? .coloured : .plain
    }

    /// Colours go to terminals only, and not where `NO_COLOR` is set to anything (no-color.org).
    static func wantsColours(isTerminal: Bool, environment: [String: String]) -> Bool {
        isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    func write(_ text: String) throws(CommandError) {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let written = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw CommandError.cannotWriteOutput(errno) }
            offset += written
        }
    }

    private static func columns(of descriptor: Int32) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

extension CommandError {
    fileprivate static func cannotWriteOutput(_ number: Int32) -> CommandError {
        CommandError(
            "cannot-write-output", .inputOutput, "can't write the result: \(systemText(number))",
            advice: "make room where the output goes, then run the command again; it changed nothing")
    }
}

/// What the system calls an error number: "No space left on device".
func systemText(_ number: Int32) -> String { String(cString: strerror(number)) }
