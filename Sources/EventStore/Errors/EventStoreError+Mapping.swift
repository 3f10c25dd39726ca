import Columns

/// Runs something on the disk; what the disk refuses becomes the store's error.
func onDisk<Value>(
    in directory: String? = nil, _ body: () throws(DiskError) -> Value
) throws(EventStoreError) -> Value {
    do throws(DiskError) { return try body() } catch { throw EventStoreError(error, directory: directory) }
}
