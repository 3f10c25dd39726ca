import EventModel

/// What the fuzzers' own mutators share. Only a fuzzer may call it, for the fuzzer's library brings the function below.
package enum LibraryMutation {
    /// Changes an input as the fuzzer sees fit, or puts a seed in its place; the new length.
    package static func mutate(
        _ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int, _ seed: CUnsignedInt, seeds: [[UInt8]]
    ) -> Int {
        var random = SeededRandom(seed: UInt64(seed))
        var count = count
        if count <= 1 || random.chance(0.002), let start = random.element(of: seeds) { count = give(start, data, room) }
        return mutateByLibrary(data, count, room)
    }

    /// Changes some bytes as the fuzzer sees fit.
    package static func mutate(_ bytes: inout [UInt8]) {
        let count = bytes.count
        let room = count + 32
        bytes += repeatElement(0, count: 32)
        let changed = bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mutateByLibrary($0, count, room) } ?? 0
        }
        bytes.removeLast(room - min(changed, room))
    }

    /// Copies an input to where the fuzzer wants it; the length of what fits.
    package static func give(_ bytes: [UInt8], _ data: UnsafeMutablePointer<UInt8>, _ room: Int) -> Int {
        let count = min(bytes.count, room)
        for index in 0..<count { data[index] = bytes[index] }
        return count
    }
}

/// The mutator of libFuzzer, which knows what the program compared the input with.
@_silgen_name("LLVMFuzzerMutate")
private func mutateByLibrary(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int) -> Int
