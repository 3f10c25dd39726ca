import EventStore
import HTTPTypes
import Hummingbird
import Logging
import Membership
import NIOHTTP1

/// Gives every failure the shape of `APIError`, and counts answers.
struct ErrorMiddleware: RouterMiddleware {
    let paths: PathTable
    let metrics: ServerMetrics

    @concurrent
    func handle(
        _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        var wasCutOff = false
        do {
            response = try await next(request, context)
        } catch {
            wasCutOff = (error as? HTTPParserError) == .invalidEOFState
            let failure = failure(for: error, request)
            if failure.status.code >= 500, failure.retryAfter == nil {
                context.logger.error(
                    "a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            }
            // People get a page, where programs get JSON.
            let isForPeople = request.headers[.accept]?.contains("text/html") == true
            response = isForPeople ? ErrorPage(failure).response : failure.response
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        // Nobody hears an answer to a request that was cut off in its middle.
        if !wasCutOff { metrics.countRequest(status: response.status.code) }
        return response
    }

    private func failure(for error: any Error, _ request: Request) -> APIError {
        switch error {
        case let error as APIError: return error
        case let error as EventStoreError: return APIError(error)
        case let error as MembershipError: return APIError(error)
        case let error as UserError: return APIError(error)
        case let error as HTTPError where error.status == .notFound:
            let allowed = paths.methods(of: request.uri.path)
            guard allowed.isEmpty else {
                return APIError(
                    .methodNotAllowed, "method-not-allowed",
                    "\(request.uri.path) takes \(allowed.map(\.rawValue).joined(separator: ", ")).", allowed: allowed)
            }
            return APIError(
                .notFound, "not-found", "There is nothing at this path; /openapi.json lists what there is.")
        case is HTTPParserError:
            return .noRequest
        case let error as HTTPError where error.status == .contentTooLarge:
            return .tooLarge
        case let error as any HTTPResponseError where error.status.code < 500:
            return APIError(error.status, "bad-request", "The request cannot be read.")
        default:
            return APIError(
                .internalServerError, "internal-error", "Something went wrong here; the log of the server says what.")
        }
    }
}

extension HTTPField.Name {
    static let xContentTypeOptions = HTTPField.Name("X-Content-Type-Options")!
}

/// The paths there are, with the methods they take: for telling a wrong method from a wrong path.
struct PathTable: Sendable {
    private var entries: [(parts: [Substring], methods: [HTTPRequest.Method])] = []

    /// - Parameter path: as the router takes it; a part in braces is anything.
    mutating func add(_ method: HTTPRequest.Method, _ path: String) {
        let parts = path.split(separator: "/")
        if let index = entries.firstIndex(where: { $0.parts == parts }) {
            entries[index].methods.append(method)
        } else {
            entries.append((parts, [method]))
        }
    }

    func methods(of path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        return entries.filter { entry in
            entry.parts.count == parts.count
                && zip(entry.parts, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }.flatMap(\.methods)
    }
}
