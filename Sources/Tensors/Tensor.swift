/// A dense row-major view of Float32 memory. Copies share the memory; images are `[N, H, W, C]`.
package struct Tensor: @unchecked Sendable {
  package let shape: Shape
  package private(set) var storage: Storage
  /// First element, in floats from the start of `storage`.
  package let offset: Int

  /// A view of `storage`, which must hold the shape from `offset` on.
  package init(_ storage: Storage, offset: Int = 0, shape: Shape) {
    precondition(offset >= 0 && offset + shape.count <= storage.count, "view outside its storage")
    self.storage = storage
    self.offset = offset
    self.shape = shape
  }

  /// Fresh memory from the pool with unknown contents: for kernels that overwrite all of it.
  package init(uninitialized shape: Shape, pool: BufferPool = .shared) {
    self.init(pool.take(shape.count), shape: shape)
  }

  package init(zeros shape: Shape, pool: BufferPool = .shared) {
    self.init(uninitialized: shape, pool: pool)
    pointer.update(repeating: 0, count: count)
  }

  package init(_ values: [Float], shape: Shape) {
    precondition(values.count == shape.count, "\(values.count) values for shape \(shape)")
    self.init(uninitialized: shape)
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      pointer.update(from: base, count: count)
    }
  }

  package var count: Int { shape.count }
  package var pointer: UnsafeMutablePointer<Float> { storage.pointer + offset }

  /// A view of the items of `range` along the first axis.
  package func items(_ range: Range<Int>) -> Tensor {
    let rest = shape.extents.dropFirst()
    return Tensor(
      storage, offset: offset + range.lowerBound * rest.reduce(1, *),
      shape: Shape([range.count] + rest))
  }

  /// The elements as an array, for tests, metrics and files.
  package var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Whether no other tensor shares the memory.
  package var isUnshared: Bool {
    mutating get { isKnownUniquelyReferenced(&storage) }
  }

  package func copy() -> Tensor {
    let result = Tensor(uninitialized: shape)
    result.pointer.update(from: pointer, count: count)
    return result
  }
}
