import Foundation
import Testing

/// A file of tensors, read and changed without the program's own reader.
struct Safetensors {
  private(set) var bytes: Data
  private let places: [String: Range<Int>]
  /// The extents of each tensor.
  let shapes: [String: [Int]]

  init(_ file: Data) throws {
    bytes = Data(file)
    let length = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(
      JSONSerialization.jsonObject(with: bytes[8..<(8 + length)]) as? [String: Any])
    shapes = header.compactMapValues { ($0 as? [String: Any])?["shape"] as? [Int] }
    places = header.compactMapValues { entry in
      ((entry as? [String: Any])?["data_offsets"] as? [Int]).map {
        (8 + length + $0[0])..<(8 + length + $0[1])
      }
    }
  }

  var names: [String] { places.keys.sorted() }

  func floats(_ name: String) throws -> [Float] {
    let place = try #require(places[name])
    return stride(from: place.lowerBound, to: place.upperBound, by: 4).map { start in
      Float(bitPattern: bytes[start..<(start + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
  }

  /// Gives each number what is made of its place in the tensor and of itself.
  mutating func change(_ name: String, _ change: (Int, Float) -> Float) throws {
    let place = try #require(places[name])
    for (index, value) in try floats(name).enumerated() {
      let start = place.lowerBound + 4 * index
      withUnsafeBytes(of: change(index, value).bitPattern.littleEndian) {
        bytes.replaceSubrange(start..<(start + 4), with: $0)
      }
    }
  }

  /// Writes other text of the same length into the header.
  mutating func replaceInHeader(_ text: String, _ other: String) throws {
    try #require(text.utf8.count == other.utf8.count)
    let place = try #require(bytes.range(of: Data(text.utf8)))
    bytes.replaceSubrange(place, with: Data(other.utf8))
  }

  /// Gives all numbers of a tensor one value.
  mutating func fill(_ name: String, with value: Float) throws {
    let place = try #require(places[name])
    let number = withUnsafeBytes(of: value.bitPattern.littleEndian) { Data($0) }
    for start in stride(from: place.lowerBound, to: place.upperBound, by: 4) {
      bytes.replaceSubrange(start..<(start + 4), with: number)
    }
  }
}
