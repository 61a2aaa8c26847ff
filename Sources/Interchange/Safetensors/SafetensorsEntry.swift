package import Tensors

/// The type of a tensor's numbers, by safetensors' name. All are little-endian, as is every
/// processor that Tutti is built for.
package enum SafetensorsType: String, CaseIterable, Sendable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u64 = "U64"
  case u32 = "U32"
  case u16 = "U16"
  case u8 = "U8"
  case bool = "BOOL"

  /// Bytes of one number.
  package var size: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    }
  }
}

/// A number that a tensor of a file can hold as it is.
package protocol SafetensorsNumber: BitwiseCopyable {
  static var safetensorsType: SafetensorsType { get }
}

extension Float: SafetensorsNumber { package static let safetensorsType = SafetensorsType.f32 }
extension Double: SafetensorsNumber { package static let safetensorsType = SafetensorsType.f64 }
extension Int64: SafetensorsNumber { package static let safetensorsType = SafetensorsType.i64 }

/// One tensor of a file: its name, type and shape, and where its bytes are.
package struct SafetensorsEntry: Equatable, Sendable {
  package let name: String
  package let type: SafetensorsType
  package let shape: Shape
  /// Bytes, counted from the end of the header. Empty until the entry has its place in a file.
  package internal(set) var range: Range<Int>

  package init(_ name: String, _ type: SafetensorsType, _ shape: Shape) {
    self.init(name: name, type: type, shape: shape, range: 0..<0)
  }

  init(name: String, type: SafetensorsType, shape: Shape, range: Range<Int>) {
    self.name = name
    self.type = type
    self.shape = shape
    self.range = range
  }
}
