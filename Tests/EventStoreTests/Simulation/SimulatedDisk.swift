import EventModel
import EventStore
import Foundation
import Synchronization

/// A disk in memory that forgets what was not synced, and fails or stops on command.
///
/// Every call that changes something is counted; a plan names the call at which the machine stops or an error is
/// given. After a stop every call fails; `reboot` makes a new disk of what survives: what was synced for certain, and
/// of the rest, in any order, whatever a seed decides, writes cut in the middle too. Names are as files are: created,
/// renamed or removed names last only after a sync of their directory.
final class SimulatedDisk: Disk {
    enum Fault: Sendable {
        /// The machine stops before the call has done anything.
        case stopBefore
        /// It stops after the call has done its work.
        case stopAfter
        /// It stops in the middle: of a write some bytes are done.
        case stopWithin
        /// The call does nothing but give an error.
        case error(DiskError.Reason)
        /// A write does half of its work, then gives an error.
        case shortWrite(DiskError.Reason)
    }

    enum Change: Sendable {
        case write(offset: Int, bytes: [UInt8])
        case truncate(Int)
    }

    struct Inode: Sendable {
        var content: [UInt8] = []
        var durable: [UInt8] = []
        var pending: [Change] = []
    }

    struct State: Sendable {
        var inodes: [Int: Inode] = [:]
        var nextInode = 0
        /// What names mean now, and what they mean for certain after a stop.
        var names: [String: Int] = [:]
        var durableNames: [String: Int] = [:]
        var directories: Set<String> = ["/"]
        var calls = 0
        var log: [String] = []
        var faults: [Int: Fault] = [:]
        /// Given to every call from here on, in place of a fault.
        var lastingFault: DiskError.Reason?
        var isStopped = false
        var locks: Set<String> = []
    }

    /// Where SQLite finds this disk.
    let root = "/simulated/\(UUID().uuidString)"
    let state: Mutex<State>

    init(faults: [Int: Fault] = [:]) {
        var state = State()
        state.faults = faults
        self.state = Mutex(state)
        SimulatedFileSystem.shared.register(self)
    }

    private init(_ state: State) {
        self.state = Mutex(state)
        SimulatedFileSystem.shared.register(self)
    }

    deinit { SimulatedFileSystem.shared.forget(root) }

    /// How many changing calls there were.
    var calls: Int { state.withLock { $0.calls } }

    var log: [String] { state.withLock { $0.log } }

    // MARK: - Faults

    func plan(_ faults: [Int: Fault], lasting: DiskError.Reason? = nil) {
        state.withLock { state in
            state.faults = faults
            state.lastingFault = lasting
        }
    }

    /// The disk after the machine has stopped and started again.
    func reboot(seed: UInt64) -> SimulatedDisk {
        var random = SeededRandom(seed: seed)
        let before = state.withLock { $0 }
        var after = State()
        after.nextInode = before.nextInode
        after.directories = before.directories
        // 0: nothing survives that was not synced; 1: everything; else each change as chance has it.
        let luck = random.int(below: 4)
        func survives() -> Bool { luck == 0 ? false : luck == 1 ? true : random.chance(0.5) }
        for (number, inode) in before.inodes.sorted(by: { $0.key < $1.key }) {
            var content = inode.durable
            for change in inode.pending where survives() {
                var change = change
                if case .write(let offset, let bytes) = change, luck > 1, random.chance(0.3) {
                    change = .write(offset: offset, bytes: Array(bytes.prefix(random.int(below: bytes.count + 1))))
                }
                Self.apply(change, to: &content)
            }
            after.inodes[number] = Inode(content: content, durable: content)
        }
        var names = before.durableNames
        for path in Set(before.names.keys).union(before.durableNames.keys).sorted() {
            if before.names[path] != before.durableNames[path], survives() { names[path] = before.names[path] }
        }
        after.names = names
        after.durableNames = names
        return SimulatedDisk(after)
    }

    /// A copy of the disk as it is.
    func copy() -> SimulatedDisk {
        var state = state.withLock { $0 }
        state.faults = [:]
        state.locks = []
        return SimulatedDisk(state)
    }

    /// Changes the bytes of a file behind everybody's back.
    func damage(_ path: String, _ change: (inout [UInt8]) -> Void) {
        state.withLock { state in
            guard let number = state.names[path], var inode = state.inodes[number] else { return }
            change(&inode.content)
            inode.durable = inode.content
            inode.pending = []
            state.inodes[number] = inode
        }
    }

    func contents(_ path: String) -> [UInt8]? {
        state.withLock { state in state.names[path].flatMap { state.inodes[$0]?.content } }
    }

    static func apply(_ change: Change, to content: inout [UInt8]) {
        switch change {
        case .write(let offset, let bytes):
            if content.count < offset + bytes.count {
                content.append(contentsOf: repeatElement(0, count: offset + bytes.count - content.count))
            }
            content.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        case .truncate(let size):
            if content.count > size {
                content.removeLast(content.count - size)
            } else {
                content.append(contentsOf: repeatElement(0, count: size - content.count))
            }
        }
    }

    /// Counts a call, and does what the plan says; `work` gets how much of it is to be done, from 0 to 1.
    private func call<Value>(
        _ operation: DiskError.Operation, _ path: String, _ work: (inout State, Double) throws(DiskError) -> Value
    ) throws(DiskError) -> Value {
        let result: Result<Value, DiskError> = state.withLock { state in
            func failure(_ reason: DiskError.Reason, _ detail: String) -> Result<Value, DiskError> {
                .failure(DiskError(operation: operation, path: path, reason: reason, detail: detail))
            }
            if state.isStopped { return failure(.failed, "the machine has stopped") }
            let number = state.calls
            state.calls += 1
            state.log.append("\(operation.rawValue) \(path)")
            do throws(DiskError) {
                switch state.faults[number] {
                case nil:
                    if let reason = state.lastingFault { return failure(reason, "it was told to fail") }
                    return .success(try work(&state, 1))
                case .error(let reason):
                    return failure(reason, "it was told to fail")
                case .shortWrite(let reason):
                    _ = try work(&state, 0.5)
                    return failure(reason, "it was told to stop half-way")
                case .stopBefore:
                    state.isStopped = true
                case .stopWithin:
                    _ = try work(&state, 0.37)
                    state.isStopped = true
                case .stopAfter:
                    _ = try work(&state, 1)
                    state.isStopped = true
                }
                return failure(.failed, "the machine has stopped")
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    // MARK: - Files by number, for the files here and for SQLite

    func openInode(_ path: String, creating: Bool, exclusive: Bool) throws(DiskError) -> (number: Int, isNew: Bool) {
        let known = state.withLock { $0.isStopped ? nil : $0.names[path] }
        if let known {
            if exclusive { throw DiskError(operation: .create, path: path, reason: .alreadyExists, detail: "") }
            return (known, false)
        }
        guard creating else { throw DiskError(operation: .open, path: path, reason: .notFound, detail: "") }
        let number = try call(.create, path) { state, share throws(DiskError) in
            let number = state.nextInode
            state.nextInode += 1
            state.inodes[number] = Inode()
            if share >= 0.5 { state.names[path] = number }
            return number
        }
        return (number, true)
    }

    func write(_ bytes: [UInt8], to inode: Int, at offset: Int, path: String) throws(DiskError) {
        try call(.write, path) { state, share throws(DiskError) in
            let part = share >= 1 ? bytes : Array(bytes.prefix(Int(Double(bytes.count) * share)))
            let change = Change.write(offset: offset, bytes: part)
            Self.apply(change, to: &state.inodes[inode, default: Inode()].content)
            state.inodes[inode]?.pending.append(change)
        }
    }

    func truncate(_ inode: Int, to size: Int, path: String) throws(DiskError) {
        try call(.truncate, path) { state, share throws(DiskError) in
            guard share >= 0.5 else { return }
            Self.apply(.truncate(size), to: &state.inodes[inode, default: Inode()].content)
            state.inodes[inode]?.pending.append(.truncate(size))
        }
    }

    func sync(_ inode: Int, path: String) throws(DiskError) {
        try call(.sync, path) { state, share throws(DiskError) in
            guard share >= 1 else { return }
            let content = state.inodes[inode]?.content ?? []
            state.inodes[inode] = Inode(content: content, durable: content)
        }
    }

    func content(of inode: Int) -> [UInt8]? {
        state.withLock { $0.isStopped ? nil : $0.inodes[inode]?.content }
    }

    // MARK: - Disk

    func create(_ path: String) throws(DiskError) -> any DiskFile {
        SimulatedFile(self, try openInode(path, creating: true, exclusive: true).number, path, size: 0)
    }

    func openForWriting(_ path: String) throws(DiskError) -> any DiskFile {
        let inode = try openInode(path, creating: false, exclusive: false).number
        return SimulatedFile(self, inode, path, size: content(of: inode)?.count ?? 0)
    }

    func map(_ path: String) throws(DiskError) -> MappedBytes {
        let inode = try openInode(path, creating: false, exclusive: false).number
        guard let content = content(of: inode) else {
            throw DiskError(operation: .read, path: path, reason: .failed, detail: "the machine has stopped")
        }
        return MappedBytes(copying: content)
    }

    func rename(_ path: String, to newPath: String) throws(DiskError) {
        try call(.rename, path) { state, share throws(DiskError) in
            guard let inode = state.names[path] else {
                throw DiskError(operation: .rename, path: path, reason: .notFound, detail: "")
            }
            guard share >= 0.5 else { return }
            state.names[path] = nil
            state.names[newPath] = inode
        }
    }

    func remove(_ path: String) throws(DiskError) {
        try call(.remove, path) { state, share throws(DiskError) in
            guard state.names[path] != nil else {
                throw DiskError(operation: .remove, path: path, reason: .notFound, detail: "")
            }
            if share >= 0.5 { state.names[path] = nil }
        }
    }

    func list(_ directory: String) throws(DiskError) -> [String] {
        state.withLock { state in
            let prefix = directory + "/"
            let all = Array(state.names.keys) + Array(state.directories)
            return all.filter { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains("/") }
                .map { String($0.dropFirst(prefix.count)) }.filter { !$0.isEmpty }.sorted()
        }
    }

    func size(_ path: String) throws(DiskError) -> Int? {
        state.withLock { state in
            if let inode = state.names[path] { return state.inodes[inode]?.content.count ?? 0 }
            return state.directories.contains(path) ? 0 : nil
        }
    }

    func createDirectory(_ path: String) throws(DiskError) {
        // Directories last at once: losing one with all that is in it would be no test of the files.
        try call(.createDirectory, path) { state, _ throws(DiskError) in _ = state.directories.insert(path) }
    }

    func removeDirectory(_ path: String) throws(DiskError) {
        try call(.remove, path) { state, _ throws(DiskError) in _ = state.directories.remove(path) }
    }

    func syncDirectory(_ path: String) throws(DiskError) {
        try call(.syncDirectory, path) { state, share throws(DiskError) in
            guard share >= 1 else { return }
            func isHere(_ name: String) -> Bool {
                name.hasPrefix(path + "/") && !name.dropFirst(path.count + 1).contains("/")
            }
            state.durableNames = state.durableNames.filter { !isHere($0.key) }
            for (name, inode) in state.names where isHere(name) { state.durableNames[name] = inode }
        }
    }

    func lock(_ path: String) throws(DiskError) -> any DiskLock {
        let isFree = state.withLock { $0.locks.insert(path).inserted }
        guard isFree else {
            throw DiskError(operation: .lock, path: path, reason: .lockHeld(process: 4_711), detail: "")
        }
        return SimulatedLock(self, path)
    }

    func databasePath(_ path: String) -> String { root + path }
}

final class SimulatedFile: DiskFile {
    private let disk: SimulatedDisk
    private let inode: Int
    private let path: String
    private let size: Mutex<Int>

    init(_ disk: SimulatedDisk, _ inode: Int, _ path: String, size: Int) {
        self.disk = disk
        self.inode = inode
        self.path = path
        self.size = Mutex(size)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(DiskError) {
        try disk.write(Array(bytes), to: inode, at: size.withLock { $0 }, path: path)
        size.withLock { $0 += bytes.count }
    }

    func truncate(to newSize: Int) throws(DiskError) {
        try disk.truncate(inode, to: newSize, path: path)
        size.withLock { $0 = newSize }
    }

    func sync() throws(DiskError) { try disk.sync(inode, path: path) }

    func close() throws(DiskError) {}
}

final class SimulatedLock: DiskLock {
    private let disk: SimulatedDisk
    private let path: String

    init(_ disk: SimulatedDisk, _ path: String) {
        self.disk = disk
        self.path = path
    }

    func release() { disk.state.withLock { _ = $0.locks.remove(path) } }
}
