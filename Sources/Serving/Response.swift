import Files
import NIOHTTP1

/// A whole answer.
struct Response: Sendable {
  let status: HTTPResponseStatus
  let type: String
  let body: [UInt8]
  /// Besides those of every response.
  let headers: [(name: String, value: String)]

  init(
    _ status: HTTPResponseStatus, type: String = "application/json", _ body: [UInt8],
    headers: [(name: String, value: String)] = []
  ) {
    self.status = status
    self.type = type
    self.body = body
    self.headers = headers
  }

  /// A document on a line of its own.
  static func json(_ value: some Encodable) throws -> [UInt8] {
    Array(try JSONText.encode(value).utf8) + [10]
  }

  /// - Parameter closing: whether the connection ends with it.
  func head(closing: Bool) -> HTTPResponseHead {
    var fields: HTTPHeaders = [
      "Content-Type": type, "Content-Length": "\(body.count)", "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    ]
    for (name, value) in headers { fields.replaceOrAdd(name: name, value: value) }
    if closing { fields.add(name: "Connection", value: "close") }
    return HTTPResponseHead(version: .http1_1, status: status, headers: fields)
  }
}

extension Response {
  /// When something failed that is not the client's doing.
  static func broken(_ reason: String) -> Response {
    Response(
      .internalServerError, type: "text/plain; charset=utf-8",
      Array((reason.harmless() + "\n").utf8))
  }
}
