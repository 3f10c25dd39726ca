import NIOCore
import Testing

@testable import Server

struct ConnectionTimesTests {
    private static let deadlines: Deadlines = {
        var deadlines = Deadlines()
        (deadlines.head, deadlines.body, deadlines.answer) = (.seconds(10), .seconds(30), .seconds(20))
        (deadlines.idle, deadlines.bytesPerSecond) = (.seconds(75), 1_000)
        return deadlines
    }()

    private static func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1_000) + .seconds(seconds) }

    private var times = ConnectionTimes(deadlines, opened: at(0))

    private func expect(
        _ seconds: Int64?, _ reason: ConnectionTimes.Reason? = nil, _ place: SourceLocation = #_sourceLocation
    ) {
        #expect(times.deadline?.instant == seconds.map(Self.at), sourceLocation: place)
        #expect(times.deadline?.reason == reason, sourceLocation: place)
    }

    @Test mutating func `a head has its time from the first byte, and bytes do not put it off`() {
        expect(10, .head)
        times.readBytes(at: Self.at(9))
        expect(10, .head)
        times.readHead(at: Self.at(9))
        times.readEnd(at: Self.at(9))
        expect(nil)
        times.wroteEnd(at: Self.at(11))
        expect(86, .idle)
        times.readBytes(at: Self.at(80))
        times.readBytes(at: Self.at(85))
        expect(90, .head)
    }

    @Test mutating func `a body has its time, and more only while it keeps the rate on average`() {
        times.readHead(at: Self.at(5))
        expect(35, .body)
        times.readBody(30_000)
        expect(35, .body)
        times.readBody(10_000)
        expect(45, .body)
        times.readBytes(at: Self.at(44))
        expect(45, .body)
        times.readEnd(at: Self.at(44))
        expect(nil)
    }

    @Test mutating func `while a request is answered nobody waits for the next one`() {
        times.readHead(at: Self.at(0))
        times.readEnd(at: Self.at(0))
        times.readBytes(at: Self.at(1))
        expect(nil)
        times.readHead(at: Self.at(2))
        times.readBody(5_000)
        expect(nil)
        times.wroteEnd(at: Self.at(100))
        expect(130, .body)
        times.readEnd(at: Self.at(120))
        times.readBytes(at: Self.at(121))
        times.wroteEnd(at: Self.at(140))
        expect(150, .head)
    }

    @Test mutating func `a body that is answered before its end must end all the same`() {
        times.readHead(at: Self.at(0))
        times.readBody(20_000)
        #expect(times.bytesAfterAnswer == 0)
        times.wroteEnd(at: Self.at(1))
        expect(31, .body)
        times.readBody(7)
        #expect(times.bytesAfterAnswer == 7)
        times.readEnd(at: Self.at(2))
        expect(77, .idle)
    }

    @Test mutating func `an answer has its time, and more only while it is read at the rate on average`() {
        times.readHead(at: Self.at(0))
        times.readEnd(at: Self.at(0))
        times.wrote(100_000)
        times.wroteEnd(at: Self.at(1))
        times.flushed(left: 90_000, at: Self.at(1))
        expect(21, .answer)
        times.looked(left: 60_000, at: Self.at(21))
        expect(31, .answer)
        times.looked(left: 0, at: Self.at(31))
        expect(106, .idle)
    }

    @Test mutating func `a stream that is read keeps its time, one that is not read loses it`() {
        times.readHead(at: Self.at(0))
        times.readEnd(at: Self.at(0))
        // What was there before has been read: only the newest is waited for.
        for second in stride(from: Int64(0), to: 100, by: 10) {
            times.wrote(5_000)
            times.flushed(left: 5_000, at: Self.at(second))
            expect(second + 20, .answer)
        }
        times.wrote(5_000)
        times.flushed(left: 10_000, at: Self.at(100))
        times.wrote(5_000)
        times.flushed(left: 15_000, at: Self.at(105))
        expect(110, .answer)
        times.wrote(10)
        times.flushed(left: 0, at: Self.at(106))
        expect(nil)
    }

    @Test mutating func `without a rate no time is extended`() {
        var deadlines = Self.deadlines
        deadlines.bytesPerSecond = 0
        times = ConnectionTimes(deadlines, opened: Self.at(0))
        times.readHead(at: Self.at(0))
        times.readBody(.max / 2)
        expect(30, .body)
    }
}
