import FoundationEssentials
package import Images

extension Golden {
  /// The folder that the scripts and what they made are in.
  package static var folder: String { path("").split(separator: "/").reduce("") { "\($0)/\($1)" } }

  package static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: path(name))))
  }

  /// A JPEG of the script images.py, decoded by the code under test.
  package static func photo(_ name: String, in folder: String = "images") throws -> Image {
    try Image(photo: bytes("\(folder)/\(name).jpg"), path: "\(name).jpg")
  }

  /// Pixels from a PPM file: `P6`, width and height, 255, each on a line or after a space.
  package static func pixels(_ name: String, in folder: String = "images") throws -> Image {
    let fields = try bytes("\(folder)/\(name).ppm").split(
      maxSplits: 4, omittingEmptySubsequences: false, whereSeparator: { $0 == 0x20 || $0 == 0x0A })
    let numbers = fields[1..<3].map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
    return Image(height: numbers[1], width: numbers[0], channels: 3, pixels: Array(fields[4]))
  }
}
