import Columns
import EventModel
import EventStore
import Foundation
import SegmentEngine
import SegmentLanguage

extension OpenedStore {
    /// The segments in the data directory's own files and the two metrics that the board shows of their members.
    func board() async throws -> Figures.Board {
        let folder = directory + "/segments"
        let names = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
        let files = names.filter { $0.hasSuffix(".shoal") }.map { folder + "/" + $0 }
        let definitions = try Definitions(files: files, zone: zone)
        let segments = definitions.program.segments.map(\.name)
        let net = ["net_orders", "net_revenue"].map { name in
            Definition(name: Text("$" + name), body: .metric(SegmentLanguage.Value(.metric(Text(name)))))
        }
        let program = Program(inDependencyOrder: definitions.program.definitions + net)
        let wanted = Set(segments).union(net.map(\.name))
        let (_, cost) = try await Cost.of(repetitions) { try await evaluate(program, wanted) }
        return Figures.Board(cost: cost, segments: segments.count)
    }

    /// What a person waits for who changes a definition: its text read, bound and compiled, its members counted.
    func preview(_ definitions: Definitions) async throws -> Figures.Preview {
        var cpu: [UInt64] = []
        var wall: [UInt64] = []
        for name in definitions.segments {
            let text = Printer.text(of: definitions.alone(name).definitions)
            for round in 0...repetitions {
                let before = Usage.now
                let (program, _) = Binder.bind([Parser.parse(text)], zone: zone)
                _ = try await evaluate(program, [name]).members[name]?.count
                let after = Usage.now
                // The first round warms up.
                if round > 0 {
                    cpu.append(after.cpu - before.cpu)
                    wall.append(after.wall - before.wall)
                }
            }
        }
        return Figures.Preview(cpuMicroseconds: Spread(nanoseconds: cpu), wallMicroseconds: Spread(nanoseconds: wall))
    }
}
