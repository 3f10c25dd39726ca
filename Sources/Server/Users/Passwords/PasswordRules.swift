import EventModel

/// Which passwords may be chosen: long ones, whatever characters they are made of (OWASP ASVS 5.0, 6.2).
enum PasswordRules {
    static let fewest = 8
    static let most = 128

    /// What speaks against a password; nil: nothing. Passwords are taken as they are, and counted in Unicode scalars.
    static func objection(to password: String, _ email: EmailAddress, _ name: String?) -> String? {
        let count = password.unicodeScalars.count
        if count < fewest {
            return "That is too short: it needs \(fewest) characters, and 15 are better. Four or five words will do."
        }
        if count > most { return "That is too long: at most \(most) characters." }
        let plain = password.lowercased()
        if plain == email.key.string || plain == email.local || plain == name?.lowercased() {
            return "That is your own name or address, which is tried first. Choose something else."
        }
        if CommonPasswords.contains(plain) || isRun(plain) {
            return "That is one of the passwords that are tried first. Choose something else."
        }
        return nil
    }

    /// One character over and over, or each the one behind the one before: `aaaaaaaa`, `12345678`, `87654321`.
    private static func isRun(_ password: String) -> Bool {
        let values = password.unicodeScalars.map { Int($0.value) }
        let steps = Set(zip(values, values.dropFirst()).map { $1 - $0 })
        guard steps.count == 1, let step = steps.first else { return false }
        return abs(step) <= 1
    }
}
