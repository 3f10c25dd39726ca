package import EventModel
package import EventStore

extension RowDigester {
    /// For the rows of a file with this header.
    package init(namespace: Text, header: Header) { self.init(namespace: namespace, keys: header.keys) }

    package func digest(of row: CSVRow) -> RowDigest { digest { row[$0] } }
}
