import Kernels
package import Tensors

/// A tensor of the forward pass that an operation's backward wants again, as large as activations are.
///
/// What backward keeps is most of a training's memory, so all of it goes through here: products on the
/// tape hold a `Kept` and never the tensor, nor a `Variable`, which has one (its gradient is collected
/// by its `slot`). A value then lives as long as the kept ones of it, which the tape lets go as
/// backward consumes them. It is kept in the format in which the next operation gets it.
///
/// Parameters, factors for each channel and moments for each row are small or there anyway, must be
/// exact, and need not be kept this way.
package struct Kept: Sendable {
  /// As it waits. Not to be written to.
  let stored: StoredTensor
  private let pool: ThreadPool

  fileprivate init(_ stored: StoredTensor, pool: ThreadPool) {
    self.stored = stored
    self.pool = pool
  }

  /// The tensor, for a product to read once. Not to be written to.
  package var value: Tensor { widened(stored, pool: pool) }
}

extension Variable {
  /// Its raw value for the product that is about to be put on `tape`.
  package func kept(on tape: Tape) -> Kept { Kept(stored, pool: tape.pool) }
}

extension Tensor {
  /// A tensor that isn't a variable's, for the product that is about to be put on `tape`.
  package func kept(on tape: Tape) -> Kept {
    Kept(tape.stored(self), pool: tape.pool)
  }
}
