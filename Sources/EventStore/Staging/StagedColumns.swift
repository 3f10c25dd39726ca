import EventModel

/// The columns of messages in the order of arrival, and where in an object each path stands.
///
/// Messages of one kind have the same keys in the same order, so a key is looked for behind the one before it first.
struct StagedColumns: Sendable {
    private struct Node: Sendable {
        let key: Text
        /// The column of the path; nil when cells there are none of this scope.
        let column: Int?
        let parts: [Text]
        var children: [Int] = []
        var childOfKey: [Text: Int] = [:]
    }

    private enum Root {
        static let properties = 0
        static let traits = 1
        static let context = 2
        static let items = 3
    }

    private(set) var paths: [PropertyPath] = []
    private(set) var columns: [StagedColumn] = []
    private var columnOfPath: [PropertyPath: Int] = [:]
    private var nodes = (0..<4).map { _ in Node(key: "", column: nil, parts: []) }

    /// About how much memory they take.
    var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }

    mutating func addProperties(_ object: JSONObject, at row: Int) {
        add(object, Root.properties, Root.properties, row)
    }

    mutating func addTraits(_ object: JSONObject, at row: Int) { add(object, Root.traits, Root.traits, row) }
    mutating func addContext(_ object: JSONObject, at row: Int) { add(object, Root.context, Root.context, row) }
    mutating func addItem(_ object: JSONObject, at item: Int) { add(object, Root.items, Root.items, item) }

    /// Adds all leaves and objects; objects nest at most as deep as the JSON reader allows.
    private mutating func add(_ object: JSONObject, _ root: Int, _ parent: Int, _ row: Int) {
        var position = 0
        var isAscending = true
        for member in object.members {
            guard let next = place(of: member.key, in: parent, from: position) else {
                isAscending = false
                break
            }
            position = next + 1
        }
        if isAscending {
            position = 0
            for member in object.members {
                guard let place = place(of: member.key, in: parent, from: position) else { continue }
                position = place + 1
                add(member.value, nodes[parent].children[place], root, parent, row)
            }
            return
        }
        position = 0
        for member in object.effectiveMembers {
            let child = child(of: parent, member.key, root, at: position)
            position = (nodes[parent].children.firstIndex(of: child) ?? position) + 1
            add(member.value, child, root, parent, row)
        }
    }

    private mutating func add(_ value: JSONValue, _ node: Int, _ root: Int, _ parent: Int, _ row: Int) {
        if case .null = value, root != Root.traits || parent != root { return }
        // Inside `products` of an event there is nothing but items, and an object there gives none.
        guard let column = nodes[node].column else { return }
        columns[column].append(value, at: row)
        if case .object(let object) = value { add(object, root, node, row) }
    }

    /// Where a key stands among the children, if not before `start`; keys in ascending places occur once.
    private func place(of key: Text, in parent: Int, from start: Int) -> Int? {
        let children = nodes[parent].children
        var place = start
        while place < children.count {
            if nodes[children[place]].key == key { return place }
            place += 1
            // A few keys may be left out; beyond that the table is quicker.
            if place - start == 8 { break }
        }
        guard place < children.count, let child = nodes[parent].childOfKey[key] else { return nil }
        return children[place...].firstIndex(of: child)
    }

    /// The child of a key; a new one is put at `place`, so that the order becomes that of the fullest objects.
    private mutating func child(of parent: Int, _ key: Text, _ root: Int, at place: Int) -> Int {
        if let known = nodes[parent].childOfKey[key] { return known }
        let parts = nodes[parent].parts + [key]
        let scope: PropertyPath.Scope = root == Root.context ? .context : root == Root.items ? .items : .properties
        let path = root == Root.traits ? PropertyPath.trait(parts) : PropertyPath(scope: scope, parts: parts)
        let node = nodes.count
        nodes.append(Node(key: key, column: path.scope == scope ? column(of: path) : nil, parts: parts))
        nodes[parent].children.insert(node, at: min(place, nodes[parent].children.count))
        nodes[parent].childOfKey[key] = node
        return node
    }

    /// Appends the cells of rows of a table.
    mutating func append(_ batch: RowBatch, _ cells: TableCells, at first: Int) {
        for reading in batch.readings {
            columns[column(of: reading.path)].append(reading, cells, batch.rows, at: first)
        }
        for (other, path) in zip(batch.columns, batch.paths) where other.count > 0 {
            columns[column(of: path)].append(other, at: first)
        }
    }

    /// Removes and hands out a column, so that it need not be there beside what is made of it.
    mutating func take(_ index: Int) -> StagedColumn {
        defer { columns[index] = StagedColumn() }
        return columns[index]
    }

    private mutating func column(of path: PropertyPath) -> Int {
        if let known = columnOfPath[path] { return known }
        let column = columns.count
        columnOfPath[path] = column
        paths.append(path)
        columns.append(StagedColumn())
        return column
    }
}
