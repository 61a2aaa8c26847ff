package import Tensors

/// Is told of each operation of a forward and backward pass, to time it.
package protocol PassProfile: AnyObject {
  /// The pass begins.
  func start()

  /// An operation has computed its output.
  ///
  /// - Parameter parameters: those that it uses.
  /// - Returns: a number for its part of backward.
  func countForward(_ operation: OperationProfile.Operation, _ parameters: [FlatEntry]) -> Int

  /// `body` is an operation's part of backward; it calls `countParameterGradient` for a part of that.
  func countBackward(_ number: Int, _ body: () -> Void)

  /// `body` writes the gradient of a parameter.
  func countParameterGradient(_ parameter: FlatEntry, _ body: () -> Void)
}
