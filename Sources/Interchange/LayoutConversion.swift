package import Tensors

/// From this project's memory layouts to PyTorch's and back.
///
/// Both orders that differ are reversals of three axes: `[R·S, C, K]` here is `[K, C, R·S]` there;
/// a linear layer's `[in, out]` is the case R·S = 1.
extension FlatEntry {
  /// The extents that PyTorch gives the tensor.
  package var torchShape: Shape {
    switch order {
    case .same: shape
    case .filters: [shape[3], shape[2], shape[0], shape[1]]
    case .transposed: [shape[1], shape[0]]
    }
  }

  /// The numbers in PyTorch's order. `values` holds `shape.count` of them in ours.
  package func torchValues(_ values: UnsafePointer<Float>) -> [Float] {
    Array(unsafeUninitializedCapacity: shape.count) { buffer, initialized in
      guard let target = buffer.baseAddress else { return }
      let (outer, middle, inner) = axes
      reverse((outer, middle, inner), of: values, into: target)
      initialized = shape.count
    }
  }

  /// Puts numbers in PyTorch's order where ours belong; both have room for `shape.count`.
  package func store(torchValues values: [Float], into destination: UnsafeMutablePointer<Float>) {
    precondition(values.count == shape.count, "\(values.count) values for \(name) \(shape)")
    let (outer, middle, inner) = axes
    values.withUnsafeBufferPointer {
      guard let source = $0.baseAddress else { return }
      reverse((inner, middle, outer), of: source, into: destination)
    }
  }

  /// The place of the first number that a net can't work with: one that isn't finite, or a variance
  /// below zero. From there on it would say nothing but NaN, and that of the first class.
  package func unusable(in values: [Float]) -> Int? {
    let isVariance = kind == .statistic && name.hasSuffix(".running_var")
    // A pass without branches, since a net has millions and hardly ever one such.
    let greatest = values.reduce(0) { max($0, $1.magnitude.bitPattern) }
    if greatest < Float.infinity.bitPattern && !isVariance { return nil }
    return values.firstIndex { !$0.isFinite || isVariance && $0 < 0 }
  }

  /// The three axes whose reversal is PyTorch's order.
  private var axes: (outer: Int, middle: Int, inner: Int) {
    switch order {
    case .same: (1, shape.count, 1)
    case .filters: (shape[0] * shape[1], shape[2], shape[3])
    case .transposed: (1, shape[0], shape[1])
    }
  }
}

/// Writes numbers of extents `[a, b, c]` as `[c, b, a]`, in tiles: what lies far apart in one of the two
/// orders is used up while it is in the cache.
private func reverse(
  _ extents: (a: Int, b: Int, c: Int), of source: UnsafePointer<Float>,
  into target: UnsafeMutablePointer<Float>
) {
  let (a, b, c) = extents
  if a == 1 && c == 1 { return target.update(from: source, count: b) }
  // Of floats, a cache line.
  let tile = 16
  for left in stride(from: 0, to: a, by: tile) {
    let columns = left..<min(left + tile, a)
    for top in stride(from: 0, to: c, by: tile) {
      let rows = top..<min(top + tile, c)
      for y in 0..<b {
        for z in rows {
          for x in columns { target[(z * b + y) * a + x] = source[(x * b + y) * c + z] }
        }
      }
    }
  }
}

extension SafetensorsFile {
  /// Reads the tensor called `name`, in PyTorch's order, to where the entry's numbers belong in
  /// ours. Throws when there is none, or one of another shape or type.
  package func read(
    _ name: String, as entry: FlatEntry, into destination: UnsafeMutablePointer<Float>
  ) throws {
    let source = try self.entry(named: name)
    guard source.shape == entry.torchShape else {
      throw SafetensorsError(
        path: path, problem: .shape(tensor: name, is: source.shape, wanted: entry.torchShape))
    }
    let values = try floats(source)
    if let place = entry.unusable(in: values) {
      throw SafetensorsError(
        path: path, problem: .number(tensor: name, place: place, values[place]))
    }
    entry.store(torchValues: values, into: destination)
  }
}
