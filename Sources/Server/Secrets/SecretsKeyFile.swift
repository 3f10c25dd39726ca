package import EventModel
import Foundation
import Glibc

/// The file with the key that secrets are sealed with. It stands outside of data directories, so that a copy of one is not
/// enough to sign in the name of the store.
///
/// Text: a key a line, 32 bytes in base64; `#` begins a comment. The first key seals, all of them open, so a key is replaced by
/// writing a new one above it and starting the server.
package struct SecretsKeyFile {
    package let path: String

    /// Where it stands when nothing else is said.
    package static let usualPath = "~/.config/shoal/secrets.key"

    /// - Parameter path: one that begins with `~/` stands in the home of who runs the program.
    package init(path: String) { self.path = (path as NSString).expandingTildeInPath }

    /// The box of its keys; a key is drawn where there is no file yet.
    ///
    /// - Parameter directory: the data directory, which it may not stand in.
    /// - Throws: `ServiceError.secretsKey`.
    package func box(for directory: String, _ random: any RandomSource = SystemRandom()) throws -> SecretBox {
        let (mine, data) = (Self.resolved(path), Self.resolved(directory))
        guard !(mine + "/").hasPrefix(data + "/") else {
            throw failure(
                "bad-secrets-key", 78, "\(path) stands in the data directory, where every backup would hold it",
                advice: "name a file elsewhere with --secrets-key")
        }
        if access(path, F_OK) != 0 { try create(random) }
        return SecretBox(keys: try keys(), place: path)
    }

    /// The path without links, as far as there is something.
    private static func resolved(_ path: String) -> String {
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        if let real = realpath(absolute, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        guard absolute != "/" else { return absolute }
        let (parent, name) = (
            (absolute as NSString).deletingLastPathComponent, (absolute as NSString).lastPathComponent
        )
        return (resolved(parent) as NSString).appendingPathComponent(name)
    }

    private func keys() throws -> [[UInt8]] {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw failure(
                "bad-secrets-key", 78, "\(path) can't be read",
                advice: "its owner has to be who runs shoal; or name another file with --secrets-key")
        }
        var keys: [[UInt8]] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let key = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            if key.isEmpty { continue }
            guard let bytes = Data(base64Encoded: key), bytes.count == 32 else {
                throw failure(
                    "bad-secrets-key", 78, "line \(number + 1) of \(path) is no key",
                    advice: "a key is 32 bytes in base64: openssl rand -base64 32")
            }
            keys.append(Array(bytes))
        }
        guard !keys.isEmpty else {
            throw failure(
                "bad-secrets-key", 78, "\(path) has no key", advice: "write one into it: openssl rand -base64 32")
        }
        return keys
    }

    /// Whoever comes first makes it: what has its name is whole.
    private func create(_ random: any RandomSource) throws {
        let bytes = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next().littleEndian) { Array($0) } }
        let text = """
            # Seals the secrets that "shoal serve" signs with. Keep a copy apart from the backups of its data.
            \(Data(bytes).base64EncodedString())

            """
        let folder = (path as NSString).deletingLastPathComponent
        let temporary = "\(path).new-\(getpid())"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: NSNumber(value: 0o700)])
        } catch {
            throw unmade("\(error.localizedDescription)")
        }
        let descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unmade(String(cString: strerror(errno))) }
        defer { unlink(temporary) }
        let content = Array(text.utf8)
        let written = content.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let isSynced = written == content.count && fsync(descriptor) == 0
        close(descriptor)
        guard isSynced else { throw unmade("it can't be written") }
        guard link(temporary, path) == 0 || errno == EEXIST else { throw unmade(String(cString: strerror(errno))) }
        let folderDescriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folderDescriptor >= 0 {
            fsync(folderDescriptor)
            close(folderDescriptor)
        }
    }

    private func unmade(_ detail: String) -> ServiceError {
        failure(
            "cannot-create", 73, "the key for secrets can't be made at \(path): \(detail)",
            advice: "name a file elsewhere with --secrets-key or SHOAL_SECRETS_KEY")
    }

    private func failure(_ code: String, _ exitCode: Int32, _ detail: String, advice: String) -> ServiceError {
        .secretsKey(code: code, exitCode: exitCode, detail, advice: advice)
    }
}
