import EventModel
import FuzzChecks
import FuzzInput

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    ReaderChecks.part(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}

/// Changes the contents of chunks, not the bytes of the file: every byte is under a checksum, and a fuzzer that changed
/// the file would see nothing but checksums that do not match. One time in 16 it does.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int, _ seed: CUnsignedInt) -> Int {
    var random = SeededRandom(seed: UInt64(seed))
    if random.chance(1.0 / 16) { return LibraryMutation.mutate(data, count, room, seed, seeds: Seeds.parts) }
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    let start = ForgedPart(input) == nil || random.chance(0.02) ? random.element(of: Seeds.parts) ?? input : input
    let mutant = Mutation.part(start, &random) { bytes, random in
        if random.chance(0.5) { Mutation.bytes(&bytes, &random) } else { LibraryMutation.mutate(&bytes) }
    }
    return LibraryMutation.give(mutant ?? start, data, room)
}
