import CZlib

/// A PNG file read by the book, as far as the tests' files need it: 8 bits, no palette, no interlacing,
/// rows that are differences from pixel to pixel.
package struct PNGFile {
  package let width: Int
  package let height: Int
  package let channels: Int
  /// `[H, W, C]`
  package let pixels: [UInt8]

  package struct Invalid: Error { package let reason: String }

  package init(_ bytes: [UInt8]) throws {
    guard bytes.starts(with: [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A]) else {
      throw Invalid(reason: "signature")
    }
    func number(_ place: Int) -> Int { bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) } }
    var chunks: [(name: String, data: [UInt8])] = []
    var place = 8
    while place < bytes.count {
      let end = place + 8 + number(place)
      let body = Array(bytes[(place + 4)..<end])
      guard number(end) == Int(crc32(0, body, UInt32(body.count))) else {
        throw Invalid(reason: "checksum")
      }
      chunks.append((String(decoding: body.prefix(4), as: UTF8.self), Array(body.dropFirst(4))))
      place = end + 4
    }
    guard chunks.map(\.name) == ["IHDR", "IDAT", "IEND"], chunks[2].data.isEmpty else {
      throw Invalid(reason: "chunks")
    }
    let format = Array(chunks[0].data.dropFirst(8))
    guard format.count == 5, format[0] == 8, [0, 2].contains(format[1]), format[2...] == [0, 0, 0]
    else { throw Invalid(reason: "format") }
    (width, height, channels) = (number(16), number(20), format[1] == 2 ? 3 : 1)
    let length = width * channels
    var rows = [UInt8](repeating: 0, count: height * (1 + length))
    var count = UInt(rows.count)
    guard uncompress(&rows, &count, chunks[1].data, UInt(chunks[1].data.count)) == Z_OK,
      count == rows.count
    else { throw Invalid(reason: "compressed data") }
    var pixels: [UInt8] = []
    for row in 0..<height {
      guard rows[row * (1 + length)] == 1 else { throw Invalid(reason: "filter") }
      for place in 0..<length {
        let before = place < channels ? 0 : pixels[pixels.count - channels]
        pixels.append(before &+ rows[row * (1 + length) + 1 + place])
      }
    }
    self.pixels = pixels
  }
}
