import NIOHTTP1

/// What the body of a request for predictions is.
enum RequestBody: Sendable {
  /// One photo's file.
  case photo
  case parts(boundary: String)

  /// Types of a photo's file whose first bytes tell what it is; the last is what curl calls what it isn't told of.
  private static let untold = ["application/octet-stream", "application/x-www-form-urlencoded"]

  /// - Throws: for a type that holds no photos, or a body that is longer than may be.
  init(_ headers: HTTPHeaders, atMost most: Int) throws(Refusal) {
    if let length = headers.first(name: "Content-Length").flatMap({ Int($0) }), length > most {
      throw Self.tooLong(most: most)
    }
    let type = headers.first(name: "Content-Type")
    let kind = type.map { $0.prefix { $0 != ";" && $0 != " " }.lowercased() } ?? Self.untold[0]
    if kind == "multipart/form-data" {
      guard let boundary = type.flatMap(Multipart.boundary) else {
        throw Refusal(
          .badRequest, "Content-Type: multipart/form-data names no boundary of 1 to 70 characters")
      }
      self = .parts(boundary: boundary)
    } else if kind.hasPrefix("image/") || Self.untold.contains(kind) {
      self = .photo
    } else {
      throw Refusal(
        .unsupportedMediaType,
        "a body of type \(kind.harmlessWord) holds no photos; send a JPEG, PNG or WebP as image/jpeg or so, or several as multipart/form-data"
      )
    }
  }

  static func tooLong(most: Int) -> Refusal {
    Refusal(
      .payloadTooLarge,
      "the body has more than \(most) bytes; make photos smaller, or send fewer at a time")
  }

  /// The photos' names and bytes.
  ///
  /// - Parameters:
  ///   - name: of a photo that is the whole body.
  ///   - most: photos of a request.
  func photos(in bytes: [UInt8], called name: String, atMost most: Int) throws(Refusal)
    -> [Multipart.Part]
  {
    switch self {
    case .photo:
      if bytes.isEmpty {
        throw Refusal(
          .badRequest, "the body is empty; send a photo's file: curl --data-binary @party.jpg")
      }
      return [Multipart.Part(name: name, bytes: bytes)]
    case .parts(let boundary):
      return try Multipart.files(in: bytes, boundary: boundary, atMost: most)
    }
  }
}

extension String {
  /// As part of a sentence.
  fileprivate var harmlessWord: String {
    String(unicodeScalars.prefix(100).filter { (0x21..<0x7F).contains($0.value) })
  }
}
