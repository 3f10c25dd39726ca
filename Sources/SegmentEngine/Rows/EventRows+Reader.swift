import Columns
import EventModel
package import EventStore

extension EventRows {
    /// The rows of one block. Belongs to one thread.
    package final class Reader {
        package let block: HistoryBlock
        /// Rows after it do not exist, ms.
        package let now: Int64
        private let rows: EventRows
        /// Made when first needed: plain queries over event names do without.
        private lazy var evaluator = ProfileEvaluator(
            plan: rows.plan, block: block, ranks: RankTables(count: rows.plan.ranks.count))
        private lazy var repeatsOrders = evaluator.binding.hasRepeatedOrders
        private let orderCode: UInt32?
        private let members: Bitmap?

        init(_ rows: EventRows, _ block: HistoryBlock, now: Int64, _ members: Bitmap?) {
            self.rows = rows
            self.members = members
            self.block = block
            self.now = now
            orderCode = block.code(ofEvent: EventName.orderCompleted)
        }

        /// Calls `body` with stretches of matching rows, each of one profile (its place in the block) and one event
        /// name; the stretches of a profile and name come in history order.
        package func forEachStretch(of query: Int, _ body: (_ profile: Int, _ rows: Range<Int>) -> Void) {
            let node = rows.queries[query]
            guard let codes = plainCodes(of: node) else { return forEachFiltered(of: node, body) }
            let span = node.window.map { _ in commonSpan(node) } ?? Span(end: Position(afterAllOf: now))
            for section in codes.compactMap({ block.section(name: $0) }) {
                forEachStretch(of: section, span, body)
            }
        }

        /// Whether each profile's matching rows are one stretch in history order.
        package func isOneStretch(_ query: Int) -> Bool {
            (plainCodes(of: rows.queries[query])?.count ?? 2) < 2
        }

        /// The column whose cells are a value, one a row; nil where values must be asked for one by one: of visits and
        /// items, and where an event of the query lacks the value and its product in the catalogue may have it.
        ///
        /// - Complexity: O(rows of the query) where the catalogue has such values, else O(1).
        package func column(of value: Int, over query: Int) -> Column? {
            guard let path = (rows.values[value] as? PropertyNode)?.path, path.path.scope != .items,
                !rows.queries[query].pattern.isVisit
            else { return nil }
            let own = block.column(path.path)
            if rows.isInCatalogue[value], looksUp(own, over: query) { return nil }
            return own ?? Column(.sparse(rows: [], codes: [], values: [.missing]))
        }

        private static let productID = PropertyPath(.properties, ["product_id"])

        /// Whether an event of a query has no value of its own, but a product to look it up by.
        private func looksUp(_ own: Column?, over query: Int) -> Bool {
            guard let products = block.column(Self.productID) else { return false }
            let values = own.map { PresentCells($0) }
            let ids = PresentCells(products)
            var isFound = false
            forEachStretch(of: query) { _, rows in
                guard !isFound else { return }
                isFound = rows.contains { row in !(values?.contains(row) ?? false) && ids.contains(row) }
            }
            return isFound
        }

        /// Calls `body` with each matching event and the values it has, item by item where a value speaks of items.
        package func forEachEvent(
            of query: Int, values: [Int], _ body: (_ profile: Int, _ row: Int, _ values: [Value]) -> Void
        ) {
            let nodes = values.map { rows.values[$0] }
            let readsItem = nodes.contains { $0.traits.readsItem }
            forEachPlace(of: rows.queries[query]) { profile, place, frame in
                func read(_ place: Occurrence) {
                    body(profile, Int(place.row), nodes.map { $0.evaluate(frame, place).value })
                }
                guard readsItem else { return read(place) }
                frame.evaluator.forEachItem(of: Int(place.row), in: nil) { read(place.with(item: $0)) }
            }
        }

        // MARK: - Ways

        /// The name codes of a query that asks for whole stretches of runs; nil where rows must be looked at.
        private func plainCodes(of query: QueryNode) -> [UInt32]? {
            guard !query.pattern.isVisit, query.filter == nil, query.window?.anchor == nil else { return nil }
            let names = block.eventNames
            let codes = names.indices.dropFirst().filter { query.pattern.matches(names[$0]) }.map { UInt32($0) }
            if let orderCode, codes.contains(orderCode), block.column(RepeatedOrders.orderID) != nil, repeatsOrders {
                return nil
            }
            return codes
        }

        /// Lets a sweep find the rows; those of visits are asked for profile by profile.
        private func forEachFiltered(of query: QueryNode, _ body: (_ profile: Int, _ rows: Range<Int>) -> Void) {
            let sweep = evaluator.sweep(at: now)
            guard let swept = sweep.query(query) else {
                return forEachPlace(of: query) { profile, place, _ in
                    body(profile, Int(place.row)..<Int(place.row) + 1)
                }
            }
            let profiles = sweep.everybody.filter { isWanted(Int($0)) }
            for source in swept.sources(for: profiles) {
                for profile in profiles {
                    source.forEachRow(of: profile) { body(Int(profile), $0..<$0 + 1) }
                }
            }
        }

        /// Asks profile by profile.
        private func forEachPlace(of query: QueryNode, _ body: (Int, Occurrence, Frame) -> Void) {
            for profile in 0..<block.profileCount where block.firstTimes[profile] <= now && isWanted(profile) {
                evaluator.begin(profile: profile)
                let frame = evaluator.frame(at: now, wantsValidity: false)
                _ = query.forEachMatch(frame) { body(profile, $0, frame) }
                evaluator.release(frame)
            }
        }

        /// Whether a profile, by its place in the block, is one of those asked about.
        package func isWanted(_ profile: Int) -> Bool {
            members?.contains(Int(block.profileNumbers[profile])) ?? true
        }

        private func forEachStretch(
            of section: HistoryBlock.Section, _ span: Span, _ body: (_ profile: Int, _ rows: Range<Int>) -> Void
        ) {
            let times = block.times
            let lastTimes = block.lastTimes
            var start = section.rows.lowerBound
            for (index, profile) in section.profiles.enumerated() {
                let profile = Int(profile)
                let all = start..<Int(section.starts[index + 1])
                start = all.upperBound
                guard isWanted(profile) else { continue }
                let isCut = span.start != .start || lastTimes[profile] >= span.end.time
                let rows = isCut ? Self.cut(all, to: span, times) : all
                if !rows.isEmpty { body(profile, rows) }
            }
        }

        /// A window that is the same for everybody.
        private func commonSpan(_ query: QueryNode) -> Span {
            guard block.profileCount > 0 else { return Span(end: .end) }
            evaluator.begin(profile: 0)
            let frame = evaluator.frame(at: now, wantsValidity: false)
            defer { evaluator.release(frame) }
            var span = query.span(frame)
            span.end = min(span.end, Position(afterAllOf: now))
            return span
        }

        private static func cut(_ rows: Range<Int>, to span: Span, _ times: [Int64]) -> Range<Int> {
            let start = span.start == .start ? rows.lowerBound : firstRow(atOrAfter: span.start.time, in: rows, times)
            let end = firstRow(atOrAfter: span.end.time, in: start..<rows.upperBound, times)
            return start..<end
        }

        private static func firstRow(atOrAfter time: Int64, in rows: Range<Int>, _ times: [Int64]) -> Int {
            var (low, high) = (rows.lowerBound, rows.upperBound)
            while low < high {
                let middle = (low + high) / 2
                if times[middle] < time { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }
}

/// Which rows of a column have a value that is not null.
private struct PresentCells {
    private enum Storage {
        case present(Bitmap)
        /// By code.
        case dictionary(codes: ColumnSlice<UInt32>, isValue: [Bool])
        case sparse(Column)
    }

    private let storage: Storage

    init(_ column: Column) {
        switch column.storage {
        case .decimals(_, _, let present): storage = .present(present)
        case .dictionary(let codes, let values):
            storage = .dictionary(codes: codes, isValue: values.map { $0 != .missing && $0 != .null })
        case .sparse: storage = .sparse(column)
        }
    }

    func contains(_ row: Int) -> Bool {
        switch storage {
        case .present(let present): return present.contains(row)
        case .dictionary(let codes, let isValue): return isValue[Int(codes[row])]
        case .sparse(let column):
            let cell = column.cell(at: row)
            return cell != .missing && cell != .null
        }
    }
}
