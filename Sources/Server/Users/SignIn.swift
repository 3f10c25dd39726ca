import EventModel
import HTTPTypes

/// Signing in and choosing passwords: throttled, at the same cost and with the same answer whether there is such a user or
/// not.
struct SignIn: Sendable {
    let users: Users
    let hasher: PasswordHasher
    let throttle: LoginThrottle

    /// - Throws: `wrong-password`, `too-many-attempts` and `busy`.
    func signIn(_ email: String, _ password: String, address: String?) async throws -> User {
        let email = EmailAddress(email)
        let user = email.flatMap { users.user($0) }
        guard try await isRight(password, of: user, email, address), let user else {
            try users.audit.append("login-failed", user?.email.text, by: .nobody(address: address))
            throw APIError(.unauthorized, "wrong-password", "E-mail address or password is wrong.")
        }
        if let password = try await renewed(password, user) { try users.replaceHash(password, of: user) }
        return users.user(user.id) ?? user
    }

    /// Whether it is the password of a user who may sign in.
    ///
    /// - Throws: `too-many-attempts` and `busy`.
    func isRight(_ password: String, of user: User?, _ email: EmailAddress?, _ address: String?) async throws -> Bool {
        try throttle.begin(email, from: address)
        // No password is so long; a longer one shall cost nothing more.
        let isPossible = password.unicodeScalars.count <= PasswordRules.most
        let hash = user.flatMap { $0.isActive && isPossible ? $0.password : nil }
        guard try await hasher.matches(isPossible ? password : "", hash) else { return false }
        throttle.succeed(email, from: address)
        return true
    }

    /// The password at the cost that is usual now, when it was kept at another.
    private func renewed(_ password: String, _ user: User) async throws -> PasswordHash? {
        guard user.password?.cost != hasher.cost else { return nil }
        return try await hasher.hash(password)
    }

    /// Begins a session for somebody who has just shown the password.
    ///
    /// - Throws: `session-ended` when the user was changed meanwhile.
    func begin(_ user: User, isSecure: Bool, address: String?) throws -> SessionCookie {
        let token = try users.sessions.begin(user.id, isSecure: isSecure)
        let cookie = SessionCookie(token: token, isSecure: isSecure)
        let now = users.user(user.id)
        guard let now, now.isActive, now.password == user.password else {
            if let session = users.sessions.session(token, isSecure: isSecure) { try users.sessions.end(session) }
            throw APIError(.unauthorized, "session-ended", "Something about this user was just changed; sign in again.")
        }
        try users.audit.append("login", by: .user(now, address: address))
        return cookie
    }
}
