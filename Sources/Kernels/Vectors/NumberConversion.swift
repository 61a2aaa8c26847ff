package import Tensors

/// The tensor in a format, each number rounded to the nearest, halves to even: itself in its own.
package func narrowed(_ x: Tensor, to format: NumberFormat, pool: ThreadPool) -> StoredTensor {
  if format == .fp32 { return StoredTensor(x) }
  let result = StoredTensor(uninitialized: x.shape, format: format)
  narrow(x, into: result, pool: pool)
  return result
}

/// The numbers as floats: the tensor itself where they are, else in memory of their own.
package func widened(_ x: StoredTensor, pool: ThreadPool) -> Tensor {
  if let tensor = x.tensor { return tensor }
  let result = Tensor(uninitialized: x.shape)
  let source = StoredNumbers(x)
  pool.run(Partition(x.shape.count, least: 16384)) { range in
    (source + range.lowerBound).load(range.count, into: result.pointer + range.lowerBound)
  }
  return result
}

private func narrow(_ x: Tensor, into result: StoredTensor, pool: ThreadPool) {
  let target = StoredNumbers(result)
  pool.run(Partition(x.count, least: 16384)) { range in
    (target + range.lowerBound).store(range.count, from: x.pointer + range.lowerBound)
  }
}

extension StoredTensor {
  /// Lets `body` write floats, or add to those that are there when `accumulating`, for kernels that know no other numbers.
  package func writeFloats(accumulating: Bool, pool: ThreadPool, _ body: (Tensor) -> Void) {
    if let tensor { return body(tensor) }
    let floats = accumulating ? widened(self, pool: pool) : Tensor(uninitialized: shape)
    body(floats)
    narrow(floats, into: self, pool: pool)
  }
}
