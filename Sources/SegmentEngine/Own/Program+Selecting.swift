package import EventModel
package import SegmentLanguage

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
