package import EventModel

/// Checked definitions, ready to be evaluated: references come before those that use them, broken ones are left out.
package struct Program: Sendable {
    /// In dependency order; among independent ones in the order of the files.
    package let definitions: [Definition]
    /// What deciding each definition costs, also those refused for it.
    package let costs: [Text: DefinitionCost]
    private let indices: [Text: Int]

    /// For the binder and for tests: the definitions must be sound and in dependency order.
    package init(inDependencyOrder definitions: [Definition], costs: [Text: DefinitionCost] = [:]) {
        self.definitions = definitions
        self.costs = costs
        var indices: [Text: Int] = [:]
        for (index, definition) in definitions.enumerated() where indices[definition.name] == nil {
            indices[definition.name] = index
        }
        self.indices = indices
    }

    package static let empty = Program(inDependencyOrder: [])

    package subscript(name: Text) -> Definition? { indices[name].map { definitions[$0] } }

    /// The place of a definition in `definitions`.
    package func index(of name: Text) -> Int? { indices[name] }

    /// The names in dependency order.
    package var dependencyOrder: [Text] { definitions.map(\.name) }

    /// The definitions that are segments, in dependency order.
    package var segments: [Definition] { definitions.filter { $0.condition != nil } }

    /// The definitions that are metrics, in dependency order.
    package var metrics: [Definition] { definitions.filter { $0.value != nil } }
}

extension Program {
    /// The program of these definitions and of all they refer to, with more definitions after them.
    ///
    /// - Parameter more: sound definitions that refer to these or to built-in metrics only.
    /// - Complexity: O(size of the program).
    package func selecting(_ names: some Collection<Text>, adding more: [Definition] = []) -> Program {
        var wanted = Set(names)
        // Used definitions come before their users, so one walk from the end finds all.
        for definition in definitions.reversed() where wanted.contains(definition.name) {
            wanted.formUnion(definition.references().map(\.name))
        }
        return Program(inDependencyOrder: definitions.filter { wanted.contains($0.name) } + more)
    }
}
