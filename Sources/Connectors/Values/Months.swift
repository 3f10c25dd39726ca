/// Names of months and days of the week in the languages shops export in.
enum Months {
    /// 1 to 12 for a month's name or its abbreviation, in lower case without a dot.
    static func number(of word: String) -> Int? { numbers[word] }

    static func isWeekday(_ word: String) -> Bool { weekdays.contains(word) }

    /// English, German, French, Spanish, Italian, Portuguese, Dutch; a row for each month.
    private static let names: [[String]] = [
        [
            "january", "jan", "januar", "jänner", "janvier", "janv", "enero", "ene", "gennaio", "gen", "janeiro",
            "januari",
        ],
        [
            "february", "feb", "februar", "février", "févr", "fév", "febrero", "febbraio", "fevereiro", "fev",
            "februari",
        ],
        ["march", "mar", "märz", "mär", "mrz", "mars", "marzo", "março", "maart", "mrt"],
        ["april", "apr", "avril", "avr", "abril", "abr", "aprile"],
        ["may", "mai", "mayo", "maggio", "mag", "maio", "mei"],
        ["june", "jun", "juni", "juin", "junio", "giugno", "giu", "junho"],
        ["july", "jul", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho"],
        ["august", "aug", "août", "aoû", "agosto", "ago", "augustus"],
        ["september", "sep", "sept", "septembre", "septiembre", "settembre", "set", "setembro"],
        ["october", "oct", "oktober", "okt", "octobre", "octubre", "ottobre", "ott", "outubro", "out"],
        ["november", "nov", "novembre", "noviembre", "novembro"],
        ["december", "dec", "dezember", "dez", "décembre", "déc", "diciembre", "dic", "dicembre", "dezembro"],
    ]

    private static let numbers: [String: Int] = {
        var numbers: [String: Int] = [:]
        for (index, month) in names.enumerated() {
            for name in month { numbers[name] = index + 1 }
        }
        return numbers
    }()

    private static let weekdays: Set<String> = [
        "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "mo", "di", "mi", "do", "fr",
        "sa", "so", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    ]
}
