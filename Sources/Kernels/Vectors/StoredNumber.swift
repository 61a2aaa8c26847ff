import CProcessor

/// A number as it lies in memory: kernels load it as a float, calculate with floats, and round once as they
/// store.
protocol StoredNumber: BitwiseCopyable {
  static func float(at place: UnsafePointer<Self>) -> Float
  static func vector(at place: UnsafePointer<Self>) -> Vector
  static func store(_ value: Float, at place: UnsafeMutablePointer<Self>)
  static func store(_ values: Vector, at place: UnsafeMutablePointer<Self>)
}

extension Float: StoredNumber {
  @inline(__always) static func float(at place: UnsafePointer<Float>) -> Float { place.pointee }
  @inline(__always) static func vector(at place: UnsafePointer<Float>) -> Vector {
    Vector.load(place)
  }
  @inline(__always) static func store(_ value: Float, at place: UnsafeMutablePointer<Float>) {
    place.pointee = value
  }
  @inline(__always) static func store(_ values: Vector, at place: UnsafeMutablePointer<Float>) {
    values.store(place)
  }
}

/// `NumberFormat.bf16`.
struct BFloat16: StoredNumber {
  var bits: UInt16

  @inline(__always) static func float(at place: UnsafePointer<Self>) -> Float {
    tutti_from_bf16(place.pointee.bits)
  }
  @inline(__always) static func vector(at place: UnsafePointer<Self>) -> Vector {
    tutti_load_bf16(UnsafeRawPointer(place).assumingMemoryBound(to: UInt16.self))
  }
  @inline(__always) static func store(_ value: Float, at place: UnsafeMutablePointer<Self>) {
    place.pointee.bits = tutti_to_bf16(value)
  }
  @inline(__always) static func store(_ values: Vector, at place: UnsafeMutablePointer<Self>) {
    tutti_store_bf16(values, UnsafeMutableRawPointer(place).assumingMemoryBound(to: UInt16.self))
  }
}

/// `NumberFormat.fp16`.
struct Half: StoredNumber {
  var bits: UInt16

  @inline(__always) static func float(at place: UnsafePointer<Self>) -> Float {
    tutti_from_fp16(place.pointee.bits)
  }
  @inline(__always) static func vector(at place: UnsafePointer<Self>) -> Vector {
    tutti_load_fp16(UnsafeRawPointer(place).assumingMemoryBound(to: UInt16.self))
  }
  @inline(__always) static func store(_ value: Float, at place: UnsafeMutablePointer<Self>) {
    place.pointee.bits = tutti_to_fp16(value)
  }
  @inline(__always) static func store(_ values: Vector, at place: UnsafeMutablePointer<Self>) {
    tutti_store_fp16(values, UnsafeMutableRawPointer(place).assumingMemoryBound(to: UInt16.self))
  }
}
