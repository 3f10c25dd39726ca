package import EventModel

/// Checks definitions against each other and makes a program of the sound ones.
package enum Binder {
    /// Binds the definitions of all files together.
    ///
    /// The diagnostics are those of the files (so of the parser) followed, file by file in order of place, by those
    /// found here. Every definition without an error, and whose references have none, is in the program.
    ///
    /// - Parameters:
    ///   - workspace: the names the data has; nil leaves out the warnings that need them.
    ///   - zone: the workspace zone, for dates without one.
    package static func bind(
        _ files: [ParsedFile], workspace: WorkspaceNames? = nil, zone: Zone = .utc
    ) -> (program: Program, diagnostics: [Diagnostic]) {
        var binding = Binding(files: files, workspace: workspace, zone: zone)
        return binding.run()
    }
}

/// The state of one binding.
private struct Binding {
    struct Entry {
        var definition: Definition
        var file: Int
        var references: [Reference] = []
        var isBroken = false
    }

    /// What a name stands for.
    enum Meaning {
        case entry(Int)
        /// A definition the parser could not read.
        case unreadable
    }

    let files: [ParsedFile]
    let workspace: WorkspaceNames?
    let zone: Zone
    var entries: [Entry] = []
    var meanings: [Text: Meaning] = [:]
    var places: [Text: (file: Int, range: SourceRange)] = [:]
    var diagnostics: [[Diagnostic]]
    var kinds: [Text: ValueKinds] = [:]
    var spelling = SpellingBudget()
    var ledger = CostLedger()
    var costs: [Text: DefinitionCost] = [:]
    let seenEvents: Set<Text>?
    private var segmentNames: [String] = []
    private var metricNames: [String] = []

    init(files: [ParsedFile], workspace: WorkspaceNames?, zone: Zone) {
        self.files = files
        self.workspace = workspace
        self.zone = zone
        diagnostics = files.map(\.diagnostics)
        seenEvents = workspace.map { Set($0.events.keys) }
    }

    mutating func run() -> (program: Program, diagnostics: [Diagnostic]) {
        takeNames()
        resolveReferences()
        let order = findCycles()
        var sound: [Definition] = []
        for index in order {
            check(index)
            if !entries[index].isBroken { sound.append(entries[index].definition) }
        }
        return (Program(inDependencyOrder: sound, costs: costs), diagnostics.flatMap { $0.sortedByPlace() })
    }

    private mutating func report(_ diagnostic: Diagnostic, for index: Int) {
        var diagnostic = diagnostic
        let file = entries[index].file
        diagnostic.file = files[file].file
        diagnostics[file].append(diagnostic)
        if diagnostic.isError { entries[index].isBroken = true }
    }

    // MARK: - Names

    /// Segments and metrics share one name space; the first definition of a name keeps it.
    private mutating func takeNames() {
        for (fileIndex, file) in files.enumerated() {
            var readable = file.definitions[...]
            var unreadable = file.broken[...]
            while let next = [readable.first?.nameRange, unreadable.first?.nameRange].compactMap({ $0 })
                .min(by: { $0.start < $1.start })
            {
                if let definition = readable.first, definition.nameRange == next {
                    readable.removeFirst()
                    take(definition, file: fileIndex)
                } else if let broken = unreadable.popFirst(), meanings[broken.name] == nil {
                    meanings[broken.name] = .unreadable
                    places[broken.name] = (fileIndex, broken.nameRange)
                }
            }
        }
    }

    private mutating func take(_ definition: Definition, file: Int) {
        let index = entries.count
        entries.append(Entry(definition: definition, file: file))
        if index == LanguageLimits.definitions {
            report(
                Diagnostic(
                    .tooManyDefinitions, "a workspace has at most \(LanguageLimits.definitions) definitions",
                    at: definition.nameRange, help: "this one and those after it are left out"), for: index)
        }
        guard index < LanguageLimits.definitions else {
            entries[index].isBroken = true
            return
        }
        if let problem = problem(withName: definition) { report(problem, for: index) }
        if let first = places[definition.name] {
            let place = first.file == file ? "" : files[first.file].file.map { " in \($0)" } ?? " in another file"
            let line = first.range == .none ? "" : ", line \(first.range.start.line)"
            report(
                Diagnostic(
                    .duplicateName, "there is another definition called `\(definition.name)`\(place)\(line)",
                    at: definition.nameRange, help: "segments and metrics share their names"), for: index)
        } else {
            meanings[definition.name] = .entry(index)
            places[definition.name] = (file, definition.nameRange)
        }
    }

    private func problem(withName definition: Definition) -> Diagnostic? {
        let name = definition.name.string
        guard DefinitionParser.isName(name) else {
            return Diagnostic(
                .invalidName, "a name has small letters, digits and `_`, and starts with a letter",
                at: definition.nameRange)
        }
        if Words.builtInMetrics.contains(name) {
            return Diagnostic(
                .reservedName, "`\(name)` is a metric every workspace has", at: definition.nameRange,
                suggestion: "my_\(name)")
        }
        guard definition.value != nil, Words.reservedForMetrics.contains(name) else { return nil }
        let isFunction = Words.functions.contains(name)
        return Diagnostic(
            .reservedName,
            "a metric cannot be called `\(name)`: it is a \(isFunction ? "function" : "word") of the language",
            at: definition.nameRange, suggestion: "my_\(name)")
    }

    // MARK: - References

    private mutating func resolveReferences() {
        segmentNames = entries.filter { $0.definition.condition != nil }.map(\.definition.name.string)
        metricNames = entries.filter { $0.definition.value != nil }.map(\.definition.name.string)
        metricNames += Words.builtInMetrics
        for index in entries.indices {
            let file = entries[index].file
            entries[index].references = entries[index].definition.references(map: files[file].map)
            for reference in entries[index].references {
                if let problem = problem(with: reference, in: index) { report(problem, for: index) }
            }
        }
    }

    private mutating func problem(with reference: Reference, in user: Int) -> Diagnostic? {
        switch meanings[reference.name] {
        case nil: return unknown(reference, in: entries[user].definition.name)
        case .unreadable: return broken(reference)
        case .entry(let index):
            let isSegment = entries[index].definition.condition != nil
            guard isSegment != reference.isSegment else { return nil }
            return Diagnostic(
                .wrongKind, "`\(reference.name)` is a \(isSegment ? "segment" : "metric")", at: reference.range,
                suggestion: isSegment ? "in segment \(reference.name)" : nil,
                help: isSegment ? nil : "compare a metric with something: \(reference.name) > 0")
        }
    }

    private mutating func unknown(_ reference: Reference, in user: Text) -> Diagnostic {
        var meant = spelling.closest(
            to: reference.name.string, among: reference.isSegment ? segmentNames : metricNames)
        if meant == user.string { meant = nil }
        if reference.isSegment {
            return Diagnostic(
                .unknownSegment, "there is no segment called `\(reference.name)`", at: reference.range,
                suggestion: meant)
        }
        return Diagnostic(
            .unknownMetric, "there is no metric called `\(reference.name)`", at: reference.range, suggestion: meant,
            help: reference.followsFilter
                ? "`where` takes one term; to combine write: where (… and \(reference.name) …)"
                : meant == nil ? "a property of events needs an aggregate: sum(\(reference.name) of \"…\")" : nil)
    }

    private func broken(_ reference: Reference) -> Diagnostic {
        Diagnostic(
            .brokenReference, "`\(reference.name)` has an error of its own", at: reference.range,
            help: "this definition works again when that one does")
    }

    // MARK: - Order

    /// Reports every circle once, at its first definition, and returns an order with used definitions first.
    private mutating func findCycles() -> [Int] {
        let uses = entries.map { entry in
            entry.references.compactMap { reference -> Int? in
                if case .entry(let index) = meanings[reference.name] { index } else { nil }
            }
        }
        let graph = DependencyGraph(uses: uses)
        let (order, cycles) = graph.analyse()
        for cycle in cycles {
            guard let first = cycle.first else { continue }
            let path = graph.path(through: cycle).prefix(8).map { "`\(entries[$0].definition.name)`" }
            let message =
                cycle.count == 1
                ? "\(path[0]) uses itself" : "these definitions use each other: \(path.joined(separator: ", "))"
            report(Diagnostic(.cycle, message, at: entries[first].definition.nameRange), for: first)
            for index in cycle { entries[index].isBroken = true }
        }
        return order
    }

    // MARK: - One definition

    private mutating func check(_ index: Int) {
        let entry = entries[index]
        let inCycle = entry.isBroken
        for reference in entry.references {
            guard case .entry(let used) = meanings[reference.name], used != index, entries[used].isBroken, !inCycle
            else { continue }
            report(broken(reference), for: index)
        }
        let map = files[entry.file].map
        var found: [Diagnostic] = []
        var shape = ShapeCheck(map: map)
        shape.check(entry.definition)
        found += shape.diagnostics
        if !shape.diagnostics.hasErrors {
            var types = TypeCheck(map: map, metricKinds: kinds)
            types.walk(entry.definition)
            found += types.diagnostics
            if let value = entry.definition.value { kinds[entry.definition.name] = types.kinds(of: value) }
            var bounds = BoundsCheck(map: map, zone: zone)
            bounds.walk(entry.definition)
            found += bounds.diagnostics
            var habits = HabitCheck(map: map, seenEvents: seenEvents)
            habits.walk(entry.definition)
            found += habits.diagnostics
            if let workspace {
                var names = NameCheck(map: map, workspace: workspace, spelling: spelling)
                names.walk(entry.definition)
                spelling = names.spelling
                found += names.diagnostics
            }
        }
        for diagnostic in found { report(diagnostic, for: index) }
        if !entries[index].isBroken { checkCost(index) }
    }

    /// Whatever is sound is evaluated, however long that takes, up to a limit that is known before.
    private mutating func checkCost(_ index: Int) {
        let definition = entries[index].definition
        let cost = ledger.add(definition, entries[index].references)
        costs[definition.name] = cost
        guard cost.looks > LanguageLimits.looks else { return }
        let part = cost.heaviest.map {
            "; following `\($0.segment)` through time is \(Self.looks($0.looks)) of them"
        }
        report(
            Diagnostic(
                .tooCostly,
                "deciding `\(definition.name)` for a profile would look at each of its events "
                    + "\(Self.looks(cost.looks)) times, the most is \(Self.looks(LanguageLimits.looks))\(part ?? "")",
                at: cost.heaviest?.range ?? definition.nameRange,
                help: "follow fewer memberships inside one another: `entered`, `left` and `for at least` decide the "
                    + "segment at every instant it may change; say directly what it asks"), for: index)
    }

    /// With a comma behind every three digits; what is beyond counting as such.
    private static func looks(_ number: Int) -> String {
        if number == .max { return "countless" }
        var text = String(number)
        var place = text.count - 3
        while place > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: place))
            place -= 3
        }
        return number > LanguageLimits.looks ? "about \(text)" : text
    }
}

extension DependencyGraph {
    /// The members of a group in the order in which one uses the next, as far as a plain walk finds it.
    fileprivate func path(through group: [Int]) -> [Int] {
        guard let first = group.first else { return [] }
        let members = Set(group)
        var path = [first]
        var seen: Set<Int> = [first]
        while let next = uses[path[path.count - 1]].first(where: { members.contains($0) && !seen.contains($0) }) {
            path.append(next)
            seen.insert(next)
        }
        return path
    }
}
