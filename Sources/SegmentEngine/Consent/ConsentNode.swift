import EventModel
import EventStore
import SegmentLanguage

/// `consent.P`: the state that the last message about purpose P set; null without any.
final class ConsentNode: ValueNode, @unchecked Sendable {
    let lookup: ConsentLookup

    init(slot: Int, source: SegmentLanguage.Value, lookup: ConsentLookup) {
        self.lookup = lookup
        super.init(slot: slot, traits: .constant, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        guard let setting = lookup.last(frame) else { return TimedValue(.null) }
        return TimedValue(.string(Text(setting.state.rawValue)))
    }
}

/// Finds the last setting of a purpose.
struct ConsentLookup: Sendable {
    struct Setting {
        var state: ConsentState
        var position: Position
    }

    let purpose: Text
    let columns: ConsentColumns
    /// The column of `context.consent.categoryPreferences.P`.
    let preference: Int

    func last(_ frame: Frame) -> Setting? {
        let evaluator = frame.root.evaluator
        var last: Setting?
        if evaluator.binding.column(preference) != nil {
            for run in evaluator.allRuns(frame.root) {
                consider(run, evaluator, &last) { state(of: evaluator.binding.value(preference, at: $0)) }
            }
        }
        // In one message the properties say more than the context, so they come second.
        if let code = evaluator.block.code(ofEvent: EventName.consentUpdated) {
            consider(evaluator.visibleRun(code, frame.root), evaluator, &last) { row in
                guard evaluator.binding.value(columns.purpose, at: row) == .string(purpose) else { return nil }
                return state(of: evaluator.binding.value(columns.state, at: row))
            }
        }
        return last
    }

    /// Takes the last row of a run that says something, when it is not before what is known.
    private func consider(
        _ run: RowRun, _ evaluator: ProfileEvaluator, _ last: inout Setting?, _ state: (Int) -> ConsentState?
    ) {
        for index in stride(from: run.count - 1, through: 0, by: -1) {
            let position = evaluator.position(of: run[index])
            if let last, position < last.position { return }
            guard let found = state(run[index]) else { continue }
            last = Setting(state: found, position: position)
            return
        }
    }

    private func state(of value: Value) -> ConsentState? {
        if let flag = value.boolean { return flag ? .granted : .denied }
        guard case .string(let text) = value else { return nil }
        return ConsentState.allCases.first { Text($0.rawValue) == text }
    }
}

extension ProfileEvaluator {
    /// The visible rows of every name, identify messages included.
    func allRuns(_ frame: Frame) -> [RowRun] {
        block.runs(of: profile).map { visibleRun($0.name, frame) }
    }
}
