import Files
import NIOHTTP1

/// The parts of a body of `multipart/form-data` (RFC 7578), each a photo.
enum Multipart {
  /// A file that was sent.
  struct Part: Equatable, Sendable {
    let name: String
    let bytes: [UInt8]
  }

  private static let newline: [UInt8] = [13, 10]
  /// Bytes of a part's head.
  private static let longestHead = 8192
  /// Characters of a boundary.
  private static let longestBoundary = 70

  /// What parts are told apart by, as the field `Content-Type` says; nil where it says nothing of the kind.
  static func boundary(of type: String) -> String? {
    guard let value = parameter("boundary", of: type), !value.isEmpty,
      value.utf8.count <= longestBoundary
    else { return nil }
    return value
  }

  /// The files among the parts, in their order. A field without a file's name is none.
  ///
  /// - Parameter most: of the files.
  static func files(
    in body: [UInt8], boundary: String, atMost most: Int
  ) throws(Refusal) -> [Part] {
    let delimiter = Array("--\(boundary)".utf8)
    guard var place = next(delimiter, in: body, from: 0),
      place == 0 || body[..<place].suffix(2).elementsEqual(newline)
    else { throw malformed("it doesn't begin with its boundary") }
    var files: [Part] = []
    while true {
      place += delimiter.count
      if body[place...].starts(with: "--".utf8) { break }
      guard let head = next(newline, in: body, from: place),
        body[place..<head].allSatisfy({ $0 == 32 || $0 == 9 })
      else { throw malformed("a boundary has no end of line") }
      guard let end = next(newline + delimiter, in: body, from: head) else {
        throw malformed("its last boundary is missing, so it was cut off")
      }
      guard let start = next(newline + newline, in: body, from: head), start <= end,
        start - head <= longestHead
      else { throw malformed("a part has no empty line behind its head") }
      let lines = String(decoding: body[head..<start], as: UTF8.self).pieces(at: "\n")
      let disposition = lines.first { $0.lowercased().hasPrefix("content-disposition:") }
      if let disposition, let name = parameter("filename", of: disposition) {
        // An empty form sends a file without name and bytes.
        let bytes = start + 4 <= end ? Array(body[(start + 4)..<end]) : []
        if !(name.isEmpty && bytes.isEmpty) { files.append(Part(name: name, bytes: bytes)) }
      }
      guard files.count <= most else {
        throw Refusal(.payloadTooLarge, "more than \(most) photos in one request; send fewer")
      }
      place = end + newline.count
    }
    if files.isEmpty {
      throw malformed("it has no file; send each photo as a file: curl -F photo=@party.jpg")
    }
    return files
  }

  private static func malformed(_ reason: String) -> Refusal {
    Refusal(.badRequest, "the body is no multipart/form-data: \(reason)")
  }

  /// The value of a parameter such as `; filename="party.jpg"`, without the quotes.
  private static func parameter(_ name: String, of field: String) -> String? {
    var rest = Array(field.utf8)[...]
    while let semicolon = rest.firstIndex(of: UInt8(ascii: ";")) {
      rest = rest[(semicolon + 1)...].drop { $0 == 32 || $0 == 9 }
      let key = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
      rest = rest.dropFirst(key.count)
      guard rest.popFirst() == UInt8(ascii: "=") else { continue }
      var value: [UInt8] = []
      if rest.first == UInt8(ascii: "\"") {
        rest = rest.dropFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
          // Browsers write quotes as %22; others put a backslash before them.
          if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "\"") {
            value.append(UInt8(ascii: "\""))
            rest = rest.dropFirst()
          } else {
            value.append(byte)
          }
        }
      } else {
        value = Array(rest.prefix { $0 != UInt8(ascii: ";") && $0 != 13 && $0 != 32 })
        rest = rest.dropFirst(value.count)
      }
      if String(decoding: key, as: UTF8.self).lowercased() == name {
        return String(decoding: value, as: UTF8.self)
      }
    }
    return nil
  }

  /// Where the bytes come next.
  private static func next(_ wanted: [UInt8], in body: [UInt8], from start: Int) -> Int? {
    body.withUnsafeBufferPointer { all in
      var place = start
      while place + wanted.count <= all.count {
        guard let first = all[place...].firstIndex(of: wanted[0]),
          first + wanted.count <= all.count
        else { return nil }
        if all[first..<(first + wanted.count)].elementsEqual(wanted) { return first }
        place = first + 1
      }
      return nil
    }
  }
}
