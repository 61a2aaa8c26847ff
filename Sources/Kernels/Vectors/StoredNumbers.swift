import Tensors

/// Where numbers lie, for kernels that find out their format as they load and store.
struct StoredNumbers {
  let address: UnsafeMutableRawPointer
  let format: NumberFormat

  init(_ floats: UnsafePointer<Float>) {
    address = UnsafeMutableRawPointer(mutating: floats)
    format = .fp32
  }

  init(_ tensor: StoredTensor) { self.init(address: tensor.address, format: tensor.format) }

  private init(address: UnsafeMutableRawPointer, format: NumberFormat) {
    self.address = address
    self.format = format
  }

  static func + (numbers: StoredNumbers, count: Int) -> StoredNumbers {
    StoredNumbers(address: numbers.address + count * numbers.format.bytes, format: numbers.format)
  }

  /// The same memory, of whose format the caller is sure: kernels are generic functions, called from a switch over the
  /// formats, since the compiler makes a loop for each only where it sees the type.
  func of<Number: StoredNumber>(_: Number.Type) -> UnsafeMutablePointer<Number> {
    address.assumingMemoryBound(to: Number.self)
  }

  /// The numbers as floats.
  func load(_ count: Int, into floats: UnsafeMutablePointer<Float>) {
    switch format {
    case .fp32: floats.update(from: of(Float.self), count: count)
    case .bf16: sweep(0..<count, ConversionStep(source: of(BFloat16.self), target: floats))
    case .fp16: sweep(0..<count, ConversionStep(source: of(Half.self), target: floats))
    }
  }

  /// Each rounded to the nearest, halves to even.
  func store(_ count: Int, from floats: UnsafeMutablePointer<Float>) {
    switch format {
    case .fp32: of(Float.self).update(from: floats, count: count)
    case .bf16: sweep(0..<count, ConversionStep(source: floats, target: of(BFloat16.self)))
    case .fp16: sweep(0..<count, ConversionStep(source: floats, target: of(Half.self)))
    }
  }

  /// Lends `count` of them to `body`: in scratch, where they aren't floats.
  func withFloats(_ count: Int, _ body: (UnsafePointer<Float>) -> Void) {
    if format == .fp32 { return body(of(Float.self)) }
    BufferPool.shared.withScratch(count) { floats in
      load(count, into: floats)
      body(floats)
    }
  }

  /// Lets `body` write `count` of them, or add to those that are there when `accumulating`: in scratch, where they
  /// aren't floats.
  func writeFloats(
    _ count: Int, accumulating: Bool, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    if format == .fp32 { return body(of(Float.self)) }
    BufferPool.shared.withScratch(count) { floats in
      if accumulating { load(count, into: floats) }
      body(floats)
      store(count, from: floats)
    }
  }
}

private struct ConversionStep<Source: StoredNumber, Target: StoredNumber>: LaneStep {
  let source: UnsafeMutablePointer<Source>
  let target: UnsafeMutablePointer<Target>
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    L.load(UnsafePointer(source + i)).store(target + i)
  }
}
