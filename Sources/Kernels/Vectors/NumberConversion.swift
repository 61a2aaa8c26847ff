package import Tensors

/// The tensor in a format, each number rounded to the nearest, halves to even: itself in its own.
package func narrowed(_ x: Tensor, to format: NumberFormat, pool: ThreadPool) -> StoredTensor {
  if format == .fp32 { return StoredTensor(x) }
  let result = StoredTensor(uninitialized: x.shape, format: format)
  let (source, target) = (x.pointer, result.halves)
  pool.run(Partition(x.count, least: 16384)) { range in
    switch format {
    case .fp32: break
    case .bf16: convert(range, from: source, to: target.bound(to: BFloat16.self))
    case .fp16: convert(range, from: source, to: target.bound(to: Half.self))
    }
  }
  return result
}

/// The numbers as floats: the tensor itself where they are, else in memory of their own.
package func widened(_ x: StoredTensor, pool: ThreadPool) -> Tensor {
  if let tensor = x.tensor { return tensor }
  let result = Tensor(uninitialized: x.shape)
  let (source, target) = (x.halves, result.pointer)
  pool.run(Partition(x.shape.count, least: 16384)) { range in
    switch x.format {
    case .fp32: break
    case .bf16: convert(range, from: source.bound(to: BFloat16.self), to: target)
    case .fp16: convert(range, from: source.bound(to: Half.self), to: target)
    }
  }
  return result
}

private func convert<Source: StoredNumber, Target: StoredNumber>(
  _ range: Range<Int>, from source: UnsafeMutablePointer<Source>,
  to target: UnsafeMutablePointer<Target>
) {
  sweep(range, ConversionStep(source: source, target: target))
}

private struct ConversionStep<Source: StoredNumber, Target: StoredNumber>: LaneStep {
  let source: UnsafeMutablePointer<Source>
  let target: UnsafeMutablePointer<Target>
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    L.load(UnsafePointer(source + i)).store(target + i)
  }
}

extension UnsafeMutablePointer<UInt16> {
  /// The same memory as numbers of a format.
  func bound<Number: StoredNumber>(to number: Number.Type) -> UnsafeMutablePointer<Number> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: number)
  }
}
