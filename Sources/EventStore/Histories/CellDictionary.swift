/// The cells of a dictionary, `.missing` first, and their numbers once somebody has asked for them.
struct CellDictionary: Sendable {
    let cells: [Cell]
    let numbers: Deferred<DictionaryNumbers?>

    init(_ cells: [Cell], numbers: Deferred<DictionaryNumbers?>? = nil) {
        self.cells = cells
        self.numbers = numbers ?? Deferred { DictionaryNumbers(cells) }
    }
}
