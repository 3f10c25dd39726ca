import FuzzChecks
import FuzzInput

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    ReaderChecks.csv(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}

/// Starts from inputs that the reader takes, and goes on as the fuzzer sees fit.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int, _ seed: CUnsignedInt) -> Int {
    LibraryMutation.mutate(data, count, room, seed, seeds: Seeds.csv)
}
