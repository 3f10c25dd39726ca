import EventModel
import HTTPTypes

@testable import Server

extension Served {
    static let password = "four small fish swim"

    /// What a browser sends along with a form of our own pages.
    static let ownOrigin = ["Origin": "http://shop.example", "Content-Type": "application/x-www-form-urlencoded"]

    /// A user with a password, without a link and a page.
    func user(_ email: String, _ role: Role) throws -> User {
        let users = server.users
        guard let address = EmailAddress(email) else { throw UserError.badEmail }
        let user = try users.add(address, name: "Ann", role: role, by: .command)
        let salt = [UInt8](repeating: 7, count: PasswordHash.saltBytes)
        let hash = try PasswordHash(of: Self.password, cost: server.signIn.hasher.cost, salt: salt)
        return try users.setPassword(hash, of: user, "password-chosen", by: .command)
    }

    /// The fields of a request of somebody who is signed in, from one of our own pages.
    func signedIn(_ user: User) throws -> [String: String] {
        let token = try server.users.sessions.begin(user.id, isSecure: false)
        return ["Cookie": "shoal=\(token)", "Origin": "http://shop.example"]
    }

    func form(
        _ path: String, _ values: KeyValuePairs<String, String>, _ fields: [String: String] = Served.ownOrigin
    ) async throws -> Answer {
        let body = values.map { "\(escaped($0.key))=\(escaped($0.value))" }.joined(separator: "&")
        return try await send(.post, path, Array(body.utf8), Self.ownOrigin.merging(fields) { $1 })
    }

    /// Signs in with the page, and answers the cookie as a browser sends it back.
    func login(_ email: String, _ password: String = Served.password) async throws -> (answer: Answer, cookie: String?)
    {
        let answer = try await form("/login", ["email": email, "password": password])
        return (answer, cookie(of: answer))
    }

    func cookie(of answer: Answer) -> String? {
        answer.headers[.setCookie].flatMap { $0.split(separator: ";").first }.map(String.init)
    }

    func get(_ path: String, cookie: String?) async throws -> Answer {
        try await send(.get, path, [], cookie.map { ["Cookie": $0] } ?? [:])
    }

    /// The actions of the audit log, the oldest first.
    func actions() throws -> [String] { try server.users.audit.entries(after: 0, limit: 1_000).map(\.action) }

    private func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            return character.isASCII && (character.isLetter || character.isNumber)
                ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

extension Served.Answer {
    /// The page that it is.
    var page: String { json.text?.string ?? "" }
}
