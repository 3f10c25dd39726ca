import Testing

@testable import Columns

@Suite(.serialized) struct PagesTests {
    @Test func `pages keep their bytes as they grow, whoever had them before`() {
        for round in 1..<6 {
            let small = Pages.resize(nil, to: Pages.size)
            small.storeBytes(of: UInt64(round), toByteOffset: 8, as: UInt64.self)
            let other = Pages.resize(nil, to: round * Pages.size)
            other.storeBytes(of: 77, toByteOffset: 8, as: UInt64.self)
            let large = Pages.resize(small, to: (round + 3) * Pages.size)
            #expect(large.count == (round + 3) * Pages.size)
            #expect(large.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == UInt64(round))
            #expect(other.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == 77)
            large.storeBytes(of: 5, toByteOffset: large.count - 8, as: UInt64.self)
            Pages.free(other)
            Pages.free(large)
            if round == 3 { Pages.release() }
        }
        Pages.release()
    }

    @Test func `pages that are had at one time lie apart`() {
        var had: [UnsafeMutableRawBufferPointer] = []
        for count in [9, 2, 30, 1] { had.append(Pages.resize(nil, to: count * Pages.size)) }
        for pages in had { Pages.free(pages) }
        had = [3, 3, 20, 5, 8, 1].map { Pages.resize(nil, to: $0 * Pages.size) }
        let ranges = had.compactMap { pages in
            pages.baseAddress.map { UInt(bitPattern: $0)..<(UInt(bitPattern: $0) + UInt(pages.count)) }
        }
        for (index, range) in ranges.enumerated() {
            for other in ranges[..<index] { #expect(!range.overlaps(other)) }
        }
        for pages in had { Pages.free(pages) }
        Pages.release()
    }
}
