import Files
import Images
import NIOHTTP1

/// Why a request isn't answered: the status, and a sentence that says what to do.
struct Refusal: Error {
  let status: HTTPResponseStatus
  let message: String
  /// Besides those of every response.
  var headers: [(name: String, value: String)] = []

  init(
    _ status: HTTPResponseStatus, _ message: String,
    headers: [(name: String, value: String)] = []
  ) {
    self.status = status
    self.message = message
    self.headers = headers
  }

  /// Of a photo that can't be used.
  init(_ error: PhotoError) {
    let status: HTTPResponseStatus =
      switch error {
      case .notPhoto, .arithmetic: .unsupportedMediaType
      case .tooLarge, .overlong: .payloadTooLarge
      case .noMemory: .serviceUnavailable
      case .unreadable, .otherSize, .changedInPack, .packed, .undecodable: .badRequest
      }
    self.init(
      status, "\(error)".harmless(), headers: status == .serviceUnavailable ? Self.later(5) : [])
  }

  /// When to come again.
  static func later(_ seconds: Int) -> [(name: String, value: String)] {
    [("Retry-After", "\(seconds)")]
  }

  /// `{"error":{"code":415,"message":"…"}}`
  struct Document: Encodable {
    struct Error: Encodable {
      let code: Int
      let message: String
    }
    let error: Error
  }

  var error: Document.Error { Document.Error(code: Int(status.code), message: message) }

  var response: Response {
    get throws { Response(status, try Response.json(Document(error: error)), headers: headers) }
  }
}
