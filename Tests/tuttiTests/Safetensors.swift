import Foundation
import Testing

/// A file of tensors, read and changed without the program's own reader.
struct Safetensors {
  private(set) var bytes: Data
  private let places: [String: Range<Int>]

  init(_ file: Data) throws {
    bytes = Data(file)
    let length = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(
      JSONSerialization.jsonObject(with: bytes[8..<(8 + length)]) as? [String: Any])
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

  /// Gives all numbers of a tensor one value.
  mutating func fill(_ name: String, with value: Float) throws {
    let place = try #require(places[name])
    let number = withUnsafeBytes(of: value.bitPattern.littleEndian) { Data($0) }
    for start in stride(from: place.lowerBound, to: place.upperBound, by: 4) {
      bytes.replaceSubrange(start..<(start + 4), with: number)
    }
  }
}
