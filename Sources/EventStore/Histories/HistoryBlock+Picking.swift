import Columns
package import EventModel

extension HistoryBlock {
    /// A block of some rows of this one, in another order and under other owners.
    ///
    /// - Parameters:
    ///   - rows: of this block, none of which has stored items; in the order of the sections.
    ///   - sections: in which the rows stand, under name codes of this block and the indexes of the owners.
    ///   - owners: per owner the profile of this block whose number, id and span it takes over.
    ///   - paths: the columns to take along.
    package func picking(
        _ rows: [UInt32], in sections: [Section], of owners: [Int32], paths: [PropertyPath]
    ) -> HistoryBlock {
        var picked: [PropertyPath: Column] = [:]
        for path in paths {
            if let column = column(path), path.scope != .items { picked[path] = column.picking(rows) }
        }
        return HistoryBlock(
            profileNumbers: owners.map { profileNumbers[Int($0)] },
            ids: .list(owners.isEmpty ? [] : Array(repeating: "", count: owners.count)),
            firstTimes: owners.map { firstTimes[Int($0)] }, lastTimes: owners.map { lastTimes[Int($0)] },
            names: names, sections: sections,
            times: times.picking(rows), arrivals: Deferred { [self] in arrivals.picking(rows) },
            flags: Deferred { [self] in flags.picking(rows) },
            itemOffsets: itemCount == 0 && itemOffsets.count > rows.count
                ? itemOffsets : Array(repeating: 0, count: rows.count + 1), columns: picked)
    }
}

extension Column {
    /// The cells of some rows, in their order.
    fileprivate func picking(_ rows: [UInt32]) -> Column {
        switch storage {
        case .dictionary(let codes, let values):
            return withCodes(codes.picking(rows), values)
        case .decimals(let scaled, let exponent, let present):
            var words = [UInt64](repeating: 0, count: (rows.count + 63) / 64)
            for (index, row) in rows.enumerated() where present.contains(Int(row)) {
                words[index >> 6] |= 1 << UInt64(index & 63)
            }
            return Column(.decimals(scaled: scaled.picking(rows), exponent: exponent, present: Bitmap(words: words)))
        case .sparse(let present, let codes, let values):
            let picked = rows.map { row in Self.position(of: Int(row), in: present).map { codes[$0] } ?? 0 }
            return withCodes(ColumnSlice(picked), values)
        }
    }
}

extension Array {
    /// The elements at some places, in the order of these.
    func picking(_ rows: [UInt32]) -> [Element] {
        withUnsafeBufferPointer { elements in rows.map { elements[Int($0)] } }
    }
}
