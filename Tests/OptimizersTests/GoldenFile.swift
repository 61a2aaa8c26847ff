import Foundation

/// A safetensors file of `Tests/Golden`: what PyTorch computed, by the names in its script's
/// docstring.
struct GoldenFile {
  private struct Entry: Decodable {
    let dtype: String
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype
      case offsets = "data_offsets"
    }
  }

  private let entries: [String: Entry]
  private let data: Data

  /// Reads `Tests/Golden/NAME.safetensors`: the header's length, the header in JSON, the numbers.
  init(_ name: String) throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = try Data(contentsOf: tests.appending(path: "Golden/\(name).safetensors"))
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    entries = try JSONDecoder().decode([String: Entry].self, from: file[8..<(8 + length)])
    data = file[(8 + length)...]
  }

  func floats(_ name: String) throws -> [Float] { try numbers(name, "F32") }
  func doubles(_ name: String) throws -> [Double] { try numbers(name, "F64") }

  private func numbers<Number>(_ name: String, _ type: String) throws -> [Number] {
    guard let entry = entries[name], entry.dtype == type else {
      throw CocoaError(.coderValueNotFound, userInfo: ["tensor": name, "type": type])
    }
    let start = data.startIndex
    let bytes = data[(start + entry.offsets[0])..<(start + entry.offsets[1])]
    return bytes.withUnsafeBytes { raw in
      stride(from: 0, to: raw.count, by: MemoryLayout<Number>.stride).map {
        raw.loadUnaligned(fromByteOffset: $0, as: Number.self)
      }
    }
  }
}
