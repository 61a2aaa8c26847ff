import CProcessor

/// One float or a vector of them: lets a kernel's inner step be written once and run over whole
/// vectors, then over the channels that are left.
///
/// Every operation is element by element and rounds the same in both, so where the vector part ends
/// doesn't show in the result.
protocol Lanes {
  static var width: Int { get }
  init(repeating value: Float)
  static func load(_ pointer: UnsafePointer<Float>) -> Self
  func store(_ pointer: UnsafeMutablePointer<Float>)
  /// Numbers of any format as floats.
  static func load<Number: StoredNumber>(_ pointer: UnsafePointer<Number>) -> Self
  /// Each rounded to the format.
  func store<Number: StoredNumber>(_ pointer: UnsafeMutablePointer<Number>)
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  /// self + a·b with one rounding.
  func addingProduct(_ a: Self, _ b: Self) -> Self
  /// Zero where self is below zero, else self: NaN stays NaN and is seen.
  func rectified() -> Self
  /// Self where `gate` is above zero, else zero.
  func passed(where gate: Self) -> Self
  /// Self where `a` equals `b`, else zero.
  func passed(whereEqual a: Self, _ b: Self) -> Self
  /// The larger one: NaN is larger than all else.
  func maximum(_ other: Self) -> Self
  /// The nearest value in `low...high`: NaN stays NaN.
  func limited(_ low: Float, _ high: Float) -> Self
  /// Self where `gate` is below zero, else `other`.
  func chosen(where gate: Self, otherwise other: Self) -> Self
  /// 2ⁿ, self being n + 1.5·2²³ with a whole n from −126 to 127: that sum has n in its last bits.
  func powerOfTwo() -> Self
}

extension Float: Lanes {
  @inline(__always) static var width: Int { 1 }
  @inline(__always) init(repeating value: Float) { self = value }
  @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> Float { pointer.pointee }
  @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) { pointer.pointee = self }
  @inline(__always) static func load<Number: StoredNumber>(
    _ pointer: UnsafePointer<Number>
  ) -> Float { Number.float(at: pointer) }
  @inline(__always) func store<Number: StoredNumber>(_ pointer: UnsafeMutablePointer<Number>) {
    Number.store(self, at: pointer)
  }
  @inline(__always) func rectified() -> Float { self < 0 ? 0 : self }
  @inline(__always) func passed(where gate: Float) -> Float { gate > 0 ? self : 0 }
  @inline(__always) func passed(whereEqual a: Float, _ b: Float) -> Float { a == b ? self : 0 }
  @inline(__always) func maximum(_ other: Float) -> Float { other <= self ? self : other }
  @inline(__always) func limited(_ low: Float, _ high: Float) -> Float {
    self < low ? low : self > high ? high : self
  }
  @inline(__always) func chosen(where gate: Float, otherwise other: Float) -> Float {
    gate < 0 ? self : other
  }
  @inline(__always) func powerOfTwo() -> Float {
    Float(bitPattern: (bitPattern << 23) &+ Float(1).bitPattern)
  }
}

/// The floats of a register: how wide the kernels' vectors are, and the columns of their products.
#if TUTTI_AVX512
  typealias Vector = SIMD16<Float>
  private typealias VectorBits = SIMD16<UInt32>
#else
  typealias Vector = SIMD8<Float>
  private typealias VectorBits = SIMD8<UInt32>
#endif

extension SIMD where Scalar == Float {
  @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> Self {
    UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
  }
  @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Self.self)
  }
}

extension Vector: Lanes {
  @inline(__always) static var width: Int { scalarCount }
  @inline(__always) static func load<Number: StoredNumber>(
    _ pointer: UnsafePointer<Number>
  ) -> Self { Number.vector(at: pointer) }
  @inline(__always) func store<Number: StoredNumber>(_ pointer: UnsafeMutablePointer<Number>) {
    Number.store(self, at: pointer)
  }
  @inline(__always) func rectified() -> Self { replacing(with: 0, where: self .< 0) }
  @inline(__always) func passed(where gate: Self) -> Self {
    replacing(with: 0, where: .!(gate .> 0))
  }
  @inline(__always) func passed(whereEqual a: Self, _ b: Self) -> Self {
    replacing(with: 0, where: a .!= b)
  }
  @inline(__always) func maximum(_ other: Self) -> Self {
    other.replacing(with: self, where: other .<= self)
  }
  @inline(__always) func limited(_ low: Float, _ high: Float) -> Self {
    tutti_limit(self, Self(repeating: low), Self(repeating: high))
  }
  @inline(__always) func chosen(where gate: Self, otherwise other: Self) -> Self {
    other.replacing(with: self, where: gate .< 0)
  }
  @inline(__always) func powerOfTwo() -> Self {
    let bits = unsafeBitCast(self, to: VectorBits.self)
    return unsafeBitCast((bits &<< 23) &+ Float(1).bitPattern, to: Self.self)
  }
}

/// A kernel's inner step, for `L.width` neighbouring elements from `index` on.
protocol LaneStep {
  func callAsFunction<L: Lanes>(_ index: Int, _: L.Type)
}

/// Runs the step over `range`, in vectors and then one by one.
@inline(__always) func sweep<Step: LaneStep>(_ range: Range<Int>, _ step: Step) {
  var index = range.lowerBound
  while index + Vector.width <= range.upperBound {
    step(index, Vector.self)
    index += Vector.width
  }
  while index < range.upperBound {
    step(index, Float.self)
    index += 1
  }
}
