package import Differentiation
import NeuralNetworks

/// A net without its head: what makes features of images. A family of nets is written as one of
/// these and need not know which heads there are.
package protocol Backbone {
  /// Numbers at each position of the map.
  var mapChannels: Int { get }
  /// Numbers that the classifier looks at: the map's channels unless there is a neck.
  var features: Int { get }
  /// The net's own classifier.
  var classifier: ClassifierStyle { get }

  /// What the net finds where: `[N,H,W,C]`, or tokens `[N,T,C]`.
  func map(of images: Variable, on tape: Tape) -> Variable

  /// The map in one place, `[N,C]`: its mean, unless the net has another way.
  func pooled(_ images: Variable, on tape: Tape) -> Variable

  /// What the net has between pooling and classifier, `[N,C]` to `[N,features]`: nothing, unless the
  /// net says otherwise.
  func neck(_ pooled: Variable, on tape: Tape) -> Variable
}

extension Backbone {
  package var features: Int { mapChannels }

  package func pooled(_ images: Variable, on tape: Tape) -> Variable {
    globalAveragePooling(tape.watching(map(of: images, on: tape)), on: tape)
  }

  package func neck(_ pooled: Variable, on tape: Tape) -> Variable { pooled }
}

/// What the authors of a net call its last linear layer, and how they start it.
package struct ClassifierStyle: Sendable {
  let name: String
  private let weight: Initializer?
  private let bias: Initializer?

  /// Starts as PyTorch's linear layers do unless told otherwise.
  init(_ name: String, weight: Initializer? = nil, bias: Initializer? = nil) {
    self.name = name
    self.weight = weight
    self.bias = bias
  }

  func linear(_ scope: ParameterScope, inputs: Int, outputs: Int) -> Linear {
    Linear(scope, inputs: inputs, outputs: outputs, weight: weight, bias: bias)
  }
}
