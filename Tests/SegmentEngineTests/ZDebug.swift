import EventModel
import EventStore
import ReferenceEvaluation
import SegmentLanguage
import TestSupport
import Testing
@testable import SegmentEngine
struct ZDebug {
    @Test func walks() {
        for seed in 5575..<5600 {
            let p = randomProgram(seed: UInt64(seed))
            for d in p.definitions {
                let t = Printer.text(of: d)
                if t.contains("entered") || t.contains("left segment") {
                    print("SEED", seed, t)
                    for e in p.definitions where t.contains("segment \(e.name)") && e.name != d.name { print("   ", Printer.text(of: e)) }
                }
            }
        }
    }
    @Test func cart() async throws {
        let program = Binder.bind([Parser.parse("metric i: cart.items\nmetric v: cart.value\nmetric q: cart.quantity")]).0
        for seed in Array(3950..<3975) + Array(4275..<4300) {
            let w = RandomHistories.make(seed: UInt64(seed))
            let now = w.instants[seed % w.instants.count]
            let source = MemoryHistorySource(messages: w.messages, settings: w.settings)
            let a = try await EngineAnswers(Plan(program, settings: w.settings), source, at: now)
            let r = ReferenceEvaluator(program: program, settings: w.settings, messages: w.messages).metrics(at: now).mapValues { $0.mapValues(\.json) }
            if a.metrics != r {
                print("CART", seed, now, a.metrics, r, w.products)
                for l in w.lines where l.contains("Product") || l.contains("Cart") || l.contains("Order Compl") || l.contains("alias") { print("  ", l) }
            }
        }
    }
}
