import CZlib

/// Why an image can't be made a PNG file.
package enum PNGError: Error, Equatable, CustomStringConvertible {
  /// zlib's code.
  case compression(Int32)

  package var description: String {
    switch self {
    case .compression(let code):
      "an image can't be compressed: zlib says \(code); is there memory left?"
    }
  }
}

extension Image {
  /// The image as a PNG file (RFC 2083) of 8 bits a channel, each row as its differences from pixel
  /// to pixel. The same image gives the same bytes.
  package func png() throws(PNGError) -> [UInt8] {
    let header =
      Self.bigEndian(width) + Self.bigEndian(height) + [8, channels == 3 ? 2 : 0, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + Self.chunk("IHDR", header) + Self.chunk("IDAT", try Self.compressed(filteredRows))
      + Self.chunk("IEND", [])
  }

  /// Behind each row's number of its filter, which is 1.
  private var filteredRows: [UInt8] {
    let length = width * channels
    let pixels = pixels
    var bytes: [UInt8] = []
    bytes.reserveCapacity(height * (1 + length))
    for row in 0..<height {
      bytes.append(1)
      for place in (row * length)..<((row + 1) * length) {
        let isFirst = place - row * length < channels
        bytes.append(isFirst ? pixels[place] : pixels[place] &- pixels[place - channels])
      }
    }
    return bytes
  }

  private static func compressed(_ bytes: [UInt8]) throws(PNGError) -> [UInt8] {
    var length = compressBound(UInt(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(length))
    let code = compress2(&result, &length, bytes, UInt(bytes.count), 6)
    guard code == Z_OK else { throw .compression(code) }
    return Array(result.prefix(Int(length)))
  }

  /// Length, name, data, and the checksum of name and data.
  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return bigEndian(data.count) + body + bigEndian(Int(crc32(0, body, UInt32(body.count))))
  }

  private static func bigEndian(_ number: Int) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
