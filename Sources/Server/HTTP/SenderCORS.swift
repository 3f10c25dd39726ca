import HTTPTypes
import Hummingbird

/// Lets pages of other origins send messages and ask what anybody may know; everything else is not for them to read.
///
/// No answer ever allows credentials, so a browser sends no cookie along.
struct SenderCORS: RouterMiddleware {
    /// Where it does.
    let paths: PathTable
    let rules: CORSMiddleware<ServerContext>

    @concurrent
    func handle(
        _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard !paths.methods(of: request.uri.path).isEmpty else { return try await next(request, context) }
        return try await rules.handle(request, context: context, next: next)
    }
}
