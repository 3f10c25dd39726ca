import EventModel
import EventStore
import Foundation
import Testing

/// Stops of the machine at every call to the disk, and errors at every call.
@Suite struct CrashTests {
    /// Every how many calls a stop is tried, and with how many seeds; 1 in the long mode, which tries all.
    static let isLong = ProcessInfo.processInfo.environment["SHOAL_LONG_TESTS"] != nil
    static let stride = isLong ? 1 : 41

    static let callCount: Int = {
        let disk = SimulatedDisk()
        guard let scenario = try? Scenario(), (try? scenario.run(on: disk)) != nil else { return 0 }
        return disk.calls
    }()

    @Test func `the scenario runs through, is sound, and uses the disk a few hundred times`() throws {
        let disk = SimulatedDisk()
        let scenario = try Scenario()
        try scenario.run(on: disk)
        #expect((100...5_000).contains(disk.calls), "\(disk.calls) calls")
        let store = try scenario.open(disk)
        #expect(try scenario.complaint(about: store) == nil)
        #expect(scenario.acknowledged == Set(scenario.messages.map(\.messageID)))
        try store.close()
    }

    @Test(arguments: [0, 1, 2])
    func `after a stop at any call nothing acknowledged is lost and nothing is doubled`(kind: Int) throws {
        #expect(Self.callCount > 100)
        let faults: [SimulatedDisk.Fault] = [.stopBefore, .stopWithin, .stopAfter]
        for call in Swift.stride(from: kind, to: Self.callCount, by: Self.stride) {
            for seed in 0..<UInt64(Self.isLong ? 8 : 2) {
                let disk = SimulatedDisk(faults: [call: faults[kind]])
                let scenario = try Scenario()
                #expect(throws: (any Error).self) { try scenario.run(on: disk) }
                let survivor = disk.reboot(seed: seed &* 7_919 &+ UInt64(call))
                let store = try scenario.open(survivor)
                let complaint = try scenario.complaint(about: store)
                #expect(complaint == nil, "call \(call) (\(disk.log.last ?? "")), seed \(seed)")
                try store.close()
                if complaint != nil { return }
                // The same again on what survived: everything is there once.
                if seed == 0 {
                    try scenario.run(on: survivor)
                    let whole = try scenario.open(survivor)
                    #expect(try scenario.complaint(about: whole) == nil, "again after call \(call)")
                    try whole.close()
                }
            }
        }
    }
}
