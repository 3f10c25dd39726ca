import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Outbound
import SegmentLanguage
import Synchronization
import TestSupport

@testable import Server

/// A server over a fresh store, asked without a network.
final class Served {
    struct Answer {
        var status: Int
        var headers: HTTPFields
        var json: JSONValue

        subscript(key: String) -> JSONValue? { json.object?[key] }
        var code: String? { self["code"]?.text?.string }
    }

    let store: EventStore
    let server: ShoalServer
    let clock: ManualClock
    let keys: ShoalServer.FirstKeys
    let definitions = DefinitionTexts()
    private let directory: TemporaryDirectory

    static let now = Timestamp(milliseconds: 1_790_000_000_000)

    init(
        feed: (any ChangeFeed)? = nil, outbound: (any OutboundSending)? = nil,
        options: ShoalServer.Options = ShoalServer.Options()
    ) throws {
        directory = try TemporaryDirectory()
        clock = ManualClock(Self.now)
        store = try EventStore.open(directory: directory.path, mode: .createIfMissing, clock: clock)
        try store.update { $0.zone = .utc }
        var options = options
        options.passwordCost = PasswordCost(logN: 4, blockSize: 1, parallelism: 1)
        server = try ShoalServer(
            store, definitions: definitions, options: options, secrets: .ofTests, clock: clock, feed: feed,
            outbound: outbound)
        guard let keys = server.firstKeys else { throw EventStoreError.closed }
        self.keys = keys
    }

    /// Over a server that was made already, for the first time.
    init(_ store: EventStore, _ server: ShoalServer, in directory: TemporaryDirectory) throws {
        guard let keys = server.firstKeys else { throw EventStoreError.closed }
        self.directory = directory
        self.store = store
        self.server = server
        self.keys = keys
        clock = ManualClock(Self.now)
    }

    deinit {
        server.close()
        try? store.close()
    }

    var basic: String { "Basic " + base64("\(keys.write):") }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8] = [], _ fields: [String: String] = [:],
        from peer: String? = nil
    ) async throws -> Answer {
        var headers = HTTPFields()
        for (name, value) in fields { if let name = HTTPField.Name(name) { headers[name] = value } }
        let head = HTTPRequest(
            method: method, scheme: "http", authority: "shop.example", path: path, headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body)))
        let channel = EmbeddedChannel()
        channel.remoteAddress = try peer.map { try SocketAddress(ipAddress: $0, port: 4_711) }
        let context = ServerContext(
            source: ApplicationRequestContextSource(channel: channel, logger: Logger(label: "test")))
        let response = try await server.responder.respond(to: request, context: context)
        let written = SharedBytes()
        try await response.body.write(Collector(written: written))
        let bytes = written.all
        let json = try? JSONReader.parse(bytes)
        return Answer(
            status: response.status.code, headers: response.headers,
            json: json ?? .string(Text(String(decoding: bytes, as: UTF8.self))))
    }

    func post(
        _ path: String, _ body: String, _ fields: [String: String]? = nil, from peer: String? = nil
    ) async throws -> Answer {
        try await send(.post, path, Array(body.utf8), fields ?? ["Authorization": basic], from: peer)
    }

    /// All messages, in the order of arrival.
    func messages() throws -> [Message] {
        var all: [Message] = []
        try store.snapshot().forEachMessage { stored, _ in all.append(stored.message) }
        return all
    }
}

private final class SharedBytes: Sendable {
    private let bytes = Locked<[UInt8]>([])

    func append(_ more: some Swift.Sequence<UInt8>) { bytes.withLock { $0 += more } }
    var all: [UInt8] { bytes.withLock { $0 } }
}

/// Takes what a response writes.
private struct Collector: ResponseBodyWriter {
    let written: SharedBytes

    mutating func write(_ buffer: ByteBuffer) async throws { written.append(buffer.readableBytesView) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

func base64(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bytes = Array(text.utf8)
    var result = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let piece = bytes[start..<min(start + 3, bytes.count)]
        var word = 0
        for index in 0..<3 { word = word << 8 | (index < piece.count ? Int(piece[start + index]) : 0) }
        for index in 0..<4 { result.append(index <= piece.count ? alphabet[word >> (18 - 6 * index) & 63] : "=") }
    }
    return result
}

/// Definitions in memory, one text.
final class DefinitionTexts: DefinitionStore {
    private let texts = Locked<[Text: [UInt8]]>([:])

    func put(_ text: String) {
        for definition in Parser.parse(Array(text.utf8)).definitions {
            texts.withLock { $0[definition.name] = Array(Printer.text(of: definition).utf8) }
        }
    }

    func read() -> DefinitionSet {
        DefinitionSet(program: bound(texts.withLock { $0 }).program, problems: [], notes: [:])
    }

    func draft(_ text: [UInt8]) -> DefinitionDraft {
        let names = Parser.parse(text).definitions.map(\.name)
        var all = texts.withLock { $0 }
        for name in names { all[name] = nil }
        all["~draft"] = text
        let (program, diagnostics) = bound(all)
        let problems = diagnostics.filter(\.isError).map {
            DefinitionProblem(isError: true, code: $0.code.rawValue, message: $0.message)
        }
        return DefinitionDraft(text: text, names: names, program: program, problems: problems)
    }

    func save(_ draft: DefinitionDraft) { put(String(decoding: draft.text, as: UTF8.self)) }

    func remove(_ name: Text) { texts.withLock { $0[name] = nil } }

    private func bound(_ texts: [Text: [UInt8]]) -> (program: Program, diagnostics: [Diagnostic]) {
        Binder.bind(texts.sorted { $0.key < $1.key }.map { Parser.parse($0.value, file: $0.key.string) })
    }
}

extension SecretBox {
    /// Always the same, so that what one server sealed another opens.
    static let ofTests = SecretBox(keys: [Array(0..<32)], place: "the tests")
}
