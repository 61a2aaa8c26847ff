package import Tensors

/// A tensor of the forward pass that an operation's backward wants again, as large as activations are.
///
/// What backward keeps is most of a training's memory, so all of it goes through here: products on the
/// tape hold a `Kept` and never the tensor, nor a `Variable`, which has one (its gradient is collected
/// by its `slot`). A value then lives as long as the kept ones of it, which the tape lets go as
/// backward consumes them. Another form, such as 16 bits or none at all with a second computation,
/// has its home here alone; operations that share a tensor would then have to share its form.
///
/// Parameters, factors for each channel and moments for each row are small or there anyway, must be
/// exact, and need not be kept this way.
package struct Kept: Sendable {
  private let tensor: Tensor

  fileprivate init(_ tensor: Tensor) { self.tensor = tensor }

  /// The tensor, for a product to read once. Not to be written to.
  package var value: Tensor { tensor }
}

extension Tensor {
  /// This tensor for the product that is about to be put on `tape`.
  package func kept(on tape: Tape) -> Kept { Kept(self) }
}
