import EventModel
import Synchronization

/// A value that is made when it is first asked for, at most once whoever asks.
final class Deferred<Value: Sendable>: Sendable {
    private enum State: Sendable {
        case waiting(@Sendable () -> Value)
        case made(Value)
    }

    private let state: Locked<State>

    init(_ value: Value) { state = Locked(.made(value)) }

    init(_ make: @escaping @Sendable () -> Value) { state = Locked(.waiting(make)) }

    var value: Value {
        state.withLock { state in
            switch state {
            case .made(let value): return value
            case .waiting(let make):
                let value = make()
                state = .made(value)
                return value
            }
        }
    }
}
