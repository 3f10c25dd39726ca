import EventModel
import Hummingbird

/// Lets requests in by what their route declares: by a key, or by the session of a user with the role that is needed.
///
/// It stands in front of every route, so that none can forget to ask.
struct Gate: Sendable {
    let authorization: Authorization
    let users: Users
    let preferences: Preferences

    /// Says who asks.
    ///
    /// - Returns: whether the request is let in; if not, the browser is to be sent to the page for signing in.
    func admit(
        _ request: Request, _ context: inout ServerContext, by access: RouteDescription.Access
    ) throws(APIError) -> Bool {
        context.client = authorization.rates.client(of: request, peer: context.peer)
        if access.isPage { return try admitToPage(request, &context, access) }
        guard let role = access.role else { return true }
        if Authorization.hasKey(request) {
            guard access.takesSecretKey else {
                throw APIError(.forbidden, "session-needed", "A key may not do this: sign in as an admin.")
            }
            context.actor = .key(try authorization.secret(of: request), address: context.address)
            return true
        }
        guard let cookie = SessionCookie(request) else {
            if access.takesSecretKey { _ = try authorization.secret(of: request) }
            throw APIError(.unauthorized, "sign-in-needed", "Sign in as an admin to do this.")
        }
        guard let (user, session) = signedIn(cookie) else {
            throw .sessionEnded
        }
        try authorization.rates.takeRequest(session: session)
        if !OriginCheck.isSafe(request.method) { try OriginCheck.require(request) }
        guard user.role >= role else {
            throw APIError(
                .forbidden, "role-needed", "This needs the role \(role.rawValue); you are \(user.role.rawValue).")
        }
        context.actor = .user(user, address: context.address)
        context.session = session
        context.mayGoOn = { [sessions = users.sessions] in sessions.isOpen(session) }
        return true
    }

    /// A form is taken only from our own pages, whoever is signed in: nobody shall be signed in as somebody else unawares.
    private func admitToPage(
        _ request: Request, _ context: inout ServerContext, _ access: RouteDescription.Access
    ) throws(APIError) -> Bool {
        if !OriginCheck.isSafe(request.method) { try OriginCheck.require(request) }
        if let (user, session) = SessionCookie(request).flatMap(signedIn) {
            context.actor = .user(user, address: context.address)
            context.workspace = preferences.workspaceName
            context.session = session
            context.mayGoOn = { [sessions = users.sessions] in sessions.isOpen(session) }
            guard let role = access.role, user.role < role else { return true }
            throw APIError(
                .forbidden, "role-needed",
                "This page needs the role \(role.rawValue); you are \(user.role.rawValue). An admin can change that.")
        }
        return access == .page
    }

    private func signedIn(_ cookie: SessionCookie) -> (User, Session)? {
        guard let session = users.sessions.session(cookie.token, isSecure: cookie.isSecure),
            let user = users.user(session.user), user.isActive
        else { return nil }
        return (user, session)
    }
}
