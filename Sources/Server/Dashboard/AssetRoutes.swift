import Dashboard
import HTTPTypes
import Hummingbird
import NIOCore

/// `/assets/…`: scripts and styles of the pages; the same for ever under one path.
struct AssetRoutes: Sendable {
    func add(to routes: inout Routes) {
        let description = RouteDescription("A script or a style of the pages.", access: .page, answer: nil)
        routes.get("/assets/{file}", description) { request, context in
            let file = try context.parameters.require("file")
            guard let asset = Assets.shared.file(String(file)) else {
                throw APIError(.notFound, "not-found", "There is no such file; load the page again.")
            }
            let takesGzip = request.headers[.acceptEncoding]?.lowercased().contains("gzip") == true
            guard let bytes = takesGzip ? asset.gzipped : asset.bytes else {
                throw APIError(.internalServerError, "internal-error", "The file cannot be unpacked.")
            }
            var headers = HTTPFields()
            headers[.contentType] = asset.type
            headers[.cacheControl] = "public, max-age=31536000, immutable"
            headers[.vary] = "Accept-Encoding"
            headers[.crossOriginResourcePolicy] = "same-origin"
            if takesGzip { headers[.contentEncoding] = "gzip" }
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }
}
