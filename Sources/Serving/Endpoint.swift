import Files
import NIOHTTP1

/// What there is to be asked for, by path and method.
enum Endpoint: Sendable {
  case predict(PhotoQuery)
  case page
  case health
  case metrics
  case document

  /// - Throws: for a path that there isn't, or a method that it doesn't have.
  init(_ head: HTTPRequestHead, viewNames: [String]) throws(Refusal) {
    let parts = head.uri.pieces(at: "?", keepingEmpty: true)
    let path = parts[0]
    let methods: [HTTPMethod] = path == "/predict" ? [.POST] : [.GET, .HEAD]
    let endpoint: Endpoint
    switch path {
    case "/": endpoint = .page
    case "/health": endpoint = .health
    case "/metrics": endpoint = .metrics
    case "/openapi.json": endpoint = .document
    case "/predict":
      guard methods.contains(head.method) else { throw Self.wrongMethod(path, methods) }
      endpoint = .predict(
        try PhotoQuery(parts.dropFirst().joined(separator: "?"), viewNames: viewNames))
    default:
      throw Refusal(
        .notFound,
        "there is no \(path.harmless(atMost: 200)); there are POST /predict, and GET /, /health, /metrics and /openapi.json"
      )
    }
    guard methods.contains(head.method) else { throw Self.wrongMethod(path, methods) }
    self = endpoint
  }

  private static func wrongMethod(_ path: String, _ methods: [HTTPMethod]) -> Refusal {
    let names = methods.map(\.rawValue)
    return Refusal(
      .methodNotAllowed, "\(path) takes \(names.joined(separator: " or "))",
      headers: [("Allow", names.joined(separator: ", "))])
  }

  /// Whether it is for those alone who show the token, where there is one. The page asks for it.
  var needsToken: Bool {
    switch self {
    case .predict, .metrics: true
    case .page, .health, .document: false
    }
  }
}
