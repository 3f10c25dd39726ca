import NIOCore
import NIOPosix
import Testing

@testable import Server

struct LoopExecutorTests {
    @Test func `a task runs on its loop before and after it waits, and what takes long does not`() async {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        await withTaskExecutorPreference(LoopExecutor(loop)) {
            #expect(loop.inEventLoop)
            await Background.run { #expect(!loop.inEventLoop) }
            #expect(loop.inEventLoop)
            await withCheckedContinuation { continuation in
                Task.detached {
                    #expect(!loop.inEventLoop)
                    continuation.resume()
                }
            }
            #expect(loop.inEventLoop)
            await withTaskGroup(of: Bool.self) { group in
                group.addTask { loop.inEventLoop }
                #expect(await group.next() == true)
            }
        }
    }
}
