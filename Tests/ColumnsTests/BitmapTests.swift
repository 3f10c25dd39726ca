import Columns
import Testing

@Suite struct BitmapTests {
    @Test(arguments: 0..<40) func `a bitmap behaves as a set of numbers`(seed: UInt64) {
        var random = SplitMix(seed)
        var bitmaps = [Bitmap(), Bitmap(capacity: 100)]
        var sets: [Set<Int>] = [[], []]
        for _ in 0..<200 {
            let which = Int(random.next() % 2)
            let number = Int(random.next() % 400)
            switch random.next() % 8 {
            case 0:
                bitmaps[which].remove(number)
                sets[which].remove(number)
            case 1 where random.next() % 8 == 0:
                bitmaps[which].formUnion(bitmaps[1 - which])
                sets[which].formUnion(sets[1 - which])
            case 2 where random.next() % 8 == 0:
                bitmaps[which].subtract(bitmaps[1 - which])
                sets[which].subtract(sets[1 - which])
            case 3 where random.next() % 16 == 0:
                bitmaps[which].formIntersection(bitmaps[1 - which])
                sets[which].formIntersection(sets[1 - which])
            default:
                bitmaps[which].insert(number)
                sets[which].insert(number)
            }
            #expect(Array(bitmaps[which]) == sets[which].sorted())
            #expect(bitmaps[which].count == sets[which].count)
            #expect(bitmaps[which].isEmpty == sets[which].isEmpty)
            #expect(bitmaps[which].contains(number) == sets[which].contains(number))
            #expect(bitmaps[0].intersectionCount(bitmaps[1]) == sets[0].intersection(sets[1]).count)
            #expect((bitmaps[0] == bitmaps[1]) == (sets[0] == sets[1]))
        }
    }

    @Test(arguments: [0, 1, 63, 64, 65, 200]) func `a full bitmap has every number below its count`(count: Int) {
        #expect(Array(Bitmap(full: count)) == Array(0..<count))
        #expect(!Bitmap(full: count).contains(count))
    }
}
