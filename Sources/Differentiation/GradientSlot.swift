import Kernels
package import Tensors

/// Where backward collects the gradient of a variable. Products hold their inputs' slots instead of
/// the variables, so that they don't keep values alive which no one reads again.
package final class GradientSlot {
  /// The variable's.
  package let shape: Shape
  /// Whether anything below the variable wants a gradient; backward does not go where nothing does.
  package let needsGradient: Bool
  /// How the gradient waits, and the threads that bring it into that format; nil for the floats of what a pass begins with.
  private let storage: (format: NumberFormat, pool: ThreadPool)?
  /// With respect to the transformed value, if the variable is pending.
  private var stored: StoredTensor?

  init(shape: Shape, needsGradient: Bool, storage: (format: NumberFormat, pool: ThreadPool)? = nil)
  {
    self.shape = shape
    self.needsGradient = needsGradient
    self.storage = storage
  }

  var hasGradient: Bool { stored != nil }

  /// What backward has collected so far.
  package var gradient: Tensor? { stored.map(floats) }

  /// Hands the gradient over to the operation that made the variable, and forgets it.
  package func takeGradient() -> Tensor? {
    defer { stored = nil }
    return gradient
  }

  /// The same as it waits.
  func takeStored() -> StoredTensor? {
    defer { stored = nil }
    return stored
  }

  /// Adds a consumer's share of the gradient. `write` gets a tensor of the variable's shape to
  /// overwrite, or to add to when `accumulating`.
  package func receiveGradient(_ write: (_ destination: Tensor, _ accumulating: Bool) -> Void) {
    receiveGradient(stored: { destination, accumulating in
      destination.writeFloats(accumulating: accumulating, pool: storage?.pool ?? .caller) {
        write($0, accumulating)
      }
    })
  }

  /// The same for kernels that write numbers as they wait.
  func receiveGradient(stored write: (_ destination: StoredTensor, _ accumulating: Bool) -> Void) {
    if var present = takeStored() {
      // A tensor that another variable holds as well (both sides of a sum) must not change for it.
      if !present.isUnshared { present = present.copy() }
      write(present, true)
      stored = present
    } else {
      let fresh = StoredTensor(uninitialized: shape, format: format)
      write(fresh, false)
      stored = fresh
    }
  }

  /// As `receiveGradient`, for a share that exists already; it may be given to several variables.
  package func receiveGradient(sharing share: Tensor, pool: ThreadPool) {
    guard stored != nil else { return store(share) }
    receiveGradient { destination, _ in add(share, to: destination, pool: pool) }
  }

  /// The same for one that is stored, best as the variable's waits.
  package func receiveGradient(sharing share: StoredTensor, pool: ThreadPool) {
    guard share.format == format else {
      return receiveGradient(sharing: widened(share, pool: pool), pool: pool)
    }
    guard stored != nil else { return stored = share }
    receiveGradient(stored: { destination, _ in add(share, to: destination, pool: pool) })
  }

  /// Multiplies what backward has collected so far.
  func scale(by factor: Float, pool: ThreadPool) {
    guard hasGradient else { return }
    receiveGradient { present, _ in
      Kernels.scale(present.pointer, count: present.count, by: factor, pool: pool)
    }
  }

  private var format: NumberFormat { storage?.format ?? .fp32 }

  private func store(_ gradient: Tensor) {
    stored =
      storage.map { narrowed(gradient, to: $0.format, pool: $0.pool) } ?? StoredTensor(gradient)
  }

  private func floats(_ stored: StoredTensor) -> Tensor {
    if let tensor = stored.tensor { return tensor }
    guard let storage else { preconditionFailure("a gradient in another format than its slot") }
    return widened(stored, pool: storage.pool)
  }
}
