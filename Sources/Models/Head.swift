import Differentiation
import Kernels
package import NeuralNetworks
import Tensors

/// What makes logits of a backbone's map, in the recipe's words.
package enum Head: String, CaseIterable, Sendable {
  /// The net's own: pooling, and one linear layer.
  case plain
  /// Two linear layers over the pooled features, each behind a normalisation and dropout.
  case regularised
  /// Attention in the place of the net's own pooling, and one linear layer.
  case attention

  /// The share of features that is dropped, unless a recipe says otherwise.
  var dropout: Double { self == .regularised ? 0.5 : 0 }
}

/// A backbone with a head.
struct Classifier: Network {
  private let backbone: any Backbone
  private let pooling: AttentionPooling?
  private let layers: any HeadLayers

  /// - Parameter dropout: nil for the head's own.
  init(
    _ backbone: any Backbone, _ head: Head, dropout: Double?, classes: Int, scope: ParameterScope
  ) {
    let (style, inputs) = (backbone.classifier, backbone.features)
    let dropout = dropout ?? head.dropout
    self.backbone = backbone
    pooling =
      head == .attention
      ? AttentionPooling(scope.head["attn_pool"], channels: backbone.mapChannels) : nil
    let place = scope.head[style.name]
    layers =
      head == .regularised
      ? RegularisedLayers(style, place, inputs: inputs, classes: classes, dropout: dropout)
      : PlainLayers(style, place, inputs: inputs, classes: classes, dropout: dropout)
  }

  func callAsFunction(_ images: Variable, on tape: Tape) -> Variable {
    layers(features(of: images, on: tape), on: tape)
  }

  func features(of images: Variable, on tape: Tape) -> Variable {
    let pooled =
      pooling.map { $0(tape.watching(backbone.map(of: images, on: tape)), on: tape) }
      ?? backbone.pooled(images, on: tape)
    return backbone.neck(pooled, on: tape)
  }
}

/// A regularised head without a body, over features that are known already.
private struct HeadAlone: Network {
  private let layers: RegularisedLayers

  init(features: Int, classes: Int, scope: ParameterScope) {
    let style = ClassifierStyle("fc")
    layers = RegularisedLayers(
      style, scope.head[style.name], inputs: features, classes: classes,
      dropout: Head.regularised.dropout)
  }

  func callAsFunction(_ features: Variable, on tape: Tape) -> Variable {
    layers(features, on: tape)
  }

  func features(of images: Variable, on tape: Tape) -> Variable { images }
}

/// The logits `[N,classes]` of features `[N,C]`, finished values.
private protocol HeadLayers {
  func callAsFunction(_ features: Variable, on tape: Tape) -> Variable
}

/// The net's own classifier under its own name, e.g. `fc.weight`.
private struct PlainLayers: HeadLayers {
  private let dropout: Dropout
  private let linear: Linear

  init(
    _ style: ClassifierStyle, _ scope: ParameterScope, inputs: Int, classes: Int, dropout: Double
  ) {
    self.dropout = Dropout(scope, rate: dropout)
    linear = style.linear(scope, inputs: inputs, outputs: classes)
  }

  func callAsFunction(_ features: Variable, on tape: Tape) -> Variable {
    linear(dropout(features, on: tape), on: tape)
  }
}

/// BatchNorm, dropout, linear to half the features, ReLU, BatchNorm, half the dropout, linear; named as
/// `net.fc = nn.Sequential(…)` of these names them in PyTorch.
private struct RegularisedLayers: HeadLayers {
  private let norms: [BatchNorm]
  private let dropouts: [Dropout]
  private let hidden: Linear
  private let output: Linear

  init(
    _ style: ClassifierStyle, _ scope: ParameterScope, inputs: Int, classes: Int, dropout: Double
  ) {
    let width = inputs / 2
    let first = BatchNorm(scope[0], channels: inputs)
    hidden = Linear(scope[2], inputs: inputs, outputs: width)
    let second = BatchNorm(scope[4], channels: width)
    output = style.linear(scope[6], inputs: width, outputs: classes)
    norms = [first, second]
    dropouts = [Dropout(scope[1], rate: dropout), Dropout(scope[5], rate: dropout / 2)]
  }

  func callAsFunction(_ features: Variable, on tape: Tape) -> Variable {
    func regularised(_ x: Variable, _ layer: Int) -> Variable {
      let y = norms[layer](x, activation: .identity, on: tape)
      return dropouts[layer](finished(y, on: tape), on: tape)
    }
    let x = hidden(regularised(features, 0), activation: .relu, on: tape)
    return output(regularised(x, 1), on: tape)
  }
}

extension Model {
  /// A backbone with a head.
  ///
  /// - Parameter dropout: the share of features that the head drops in training; nil for its own.
  package init(
    classes: Int, head: Head = .plain, dropout: Double? = nil,
    _ backbone: (ParameterScope) -> any Backbone
  ) {
    self.init { scope in
      Classifier(backbone(scope), head, dropout: dropout, classes: classes, scope: scope)
    }
  }

  /// The regularised head alone: its network takes features `[N, features]` in the place of images.
  package init(regularisedHeadOver features: Int, classes: Int) {
    self.init { HeadAlone(features: features, classes: classes, scope: $0) }
  }
}
