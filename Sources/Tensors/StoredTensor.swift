/// A tensor in the format in which it waits for the next who reads it. Copies share the memory.
package struct StoredTensor: @unchecked Sendable {
  package let shape: Shape
  package let format: NumberFormat
  private var storage: Storage
  /// First element, counted from the start of `storage`.
  private let offset: Int

  private init(_ storage: Storage, offset: Int, shape: Shape, format: NumberFormat) {
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.format = format
  }

  /// The floats of a tensor, whose memory it shares.
  package init(_ tensor: Tensor) {
    self.init(tensor.storage, offset: tensor.offset, shape: tensor.shape, format: .fp32)
  }

  /// Memory with unknown contents.
  package init(uninitialized shape: Shape, format: NumberFormat, pool: BufferPool = .shared) {
    let floats = (shape.count * format.bytes + 3) / 4
    self.init(pool.take(floats), offset: 0, shape: shape, format: format)
  }

  /// The same memory as a tensor; nil where it isn't floats.
  package var tensor: Tensor? {
    format == .fp32 ? Tensor(storage, offset: offset, shape: shape) : nil
  }

  /// Where the first number lies.
  package var address: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(storage.pointer) + offset * format.bytes
  }

  /// The same numbers under another shape of as many.
  package func reshaped(to shape: Shape) -> StoredTensor {
    precondition(shape.count == self.shape.count, "\(self.shape) as \(shape)")
    return StoredTensor(storage, offset: offset, shape: shape, format: format)
  }

  /// Memory for as many in the same format.
  package var uninitializedLike: StoredTensor {
    StoredTensor(uninitialized: shape, format: format)
  }

  /// The same numbers in memory of their own.
  package func copy() -> StoredTensor {
    let result = uninitializedLike
    result.address.copyMemory(from: address, byteCount: shape.count * format.bytes)
    return result
  }

  package func sharesMemory(with other: StoredTensor) -> Bool {
    storage === other.storage && offset == other.offset
  }

  /// Whether no other tensor shares the memory.
  package var isUnshared: Bool {
    mutating get { isKnownUniquelyReferenced(&storage) }
  }
}

extension Tensor {
  /// Its floats as they wait, in the same memory.
  package var stored: StoredTensor { StoredTensor(self) }
}
