package import Differentiation
import Kernels
package import NeuralNetworks
import Tensors

/// The vision transformer of Dosovitskiy et al., "An image is worth 16×16 words", 2021, with timm's
/// parameter names and first values.
package struct VisionTransformer: Backbone {
  /// Table 1 of the paper, and the smaller ones of Touvron et al., "Training data-efficient image
  /// transformers", 2021, table 1. A head has 64 channels in all of them.
  package struct Variant: Sendable {
    var patch = 16
    var depth = 12
    let width: Int
    let heads: Int

    package static let tiny16 = Variant(width: 192, heads: 3)
    package static let small16 = Variant(width: 384, heads: 6)
    package static let base16 = Variant(width: 768, heads: 12)
  }

  private let entries: TokenEntries
  private let blocks: [TransformerBlock]
  private let norm: LayerNorm
  package let mapChannels: Int
  package let classifier = ClassifierStyle(
    "head", weight: .normal(deviation: 0.02), bias: .constant(0))

  /// - Parameters:
  ///   - imageSize: pixels of a side, a multiple of a patch's. The position embedding has one row
  ///   for each patch; for images of another size it is interpolated.
  ///   - stochasticDepth: the last block's rate; those before have less, down to none for the first.
  package init(
    _ variant: Variant, channels: Int, imageSize: Int, stochasticDepth: Double = 0,
    scope: ParameterScope
  ) {
    let (patch, width) = (variant.patch, variant.width)
    let patches = (imageSize / patch) * (imageSize / patch)
    let projection = scope["patch_embed"]["proj"]
    let inputs = patch * patch * channels
    // timm exempts both embeddings from weight decay.
    let classToken = scope.declare("cls_token", [1, 1, width], .vector, .normal(deviation: 1e-6))
    let position = scope.declare(
      "pos_embed", [1, patches + 1, width], .vector, .normal(deviation: 0.02))
    entries = TokenEntries(
      filters: projection.declare(
        "weight", [patch, patch, channels, width], .weight, order: .filters, .uniform(fan: inputs)),
      bias: projection.declare("bias", [width], .vector, .uniform(fan: inputs)),
      classToken: classToken, position: position)
    let rates = StochasticDepth.rates(
      upTo: stochasticDepth, in: variant.depth - 1, blocks: variant.depth)
    blocks = (0..<variant.depth).map {
      TransformerBlock(
        scope["blocks"][$0], width: width, heads: variant.heads,
        passedOver: rates[$0])
    }
    norm = LayerNorm(scope["norm"], channels: width, epsilon: 1e-6)
    mapChannels = width
  }

  /// All tokens `[N,T,C]`, the class token first.
  package func map(of images: Variable, on tape: Tape) -> Variable {
    norm(encode(images, on: tape), on: tape)
  }

  /// The class token.
  package func pooled(_ images: Variable, on tape: Tape) -> Variable {
    let x = encode(images, keeping: 1, on: tape)
    return reshaped(norm(x, on: tape), to: [x.shape[0], x.shape[2]], on: tape)
  }

  /// - Parameter count: tokens at the front that are wanted, which spares the last block the others;
  ///   nil for all.
  private func encode(_ images: Variable, keeping count: Int? = nil, on tape: Tape) -> Variable {
    let x = blocks.dropLast()(tokens(of: images, entries, on: tape), on: tape)
    guard let last = blocks.last else { return x }
    return tape.block(x) { last($0, keeping: count, isWatched: true, on: $1) }
  }
}

/// Figure 1, right: attention and a perceptron with one hidden layer, each behind a normalisation
/// and beside a shortcut.
struct TransformerBlock: Block {
  private let norm1: LayerNorm
  private let qkv: Linear
  private let projection: Linear
  private let norm2: LayerNorm
  private let hidden: Linear
  private let output: Linear
  private let heads: Int
  /// Of the attention and of the perceptron.
  private let depths: (StochasticDepth, StochasticDepth)

  /// - Parameter passedOver: the rate of stochastic depth, for each of the two apart.
  init(_ scope: ParameterScope, width: Int, heads: Int, passedOver: Double) {
    self.heads = heads
    let (attention, perceptron) = (scope["attn"], scope["mlp"])
    depths = (
      StochasticDepth(attention, rate: passedOver), StochasticDepth(perceptron, rate: passedOver)
    )
    norm1 = LayerNorm(scope["norm1"], channels: width, epsilon: 1e-6)
    qkv = Self.linear(attention["qkv"], inputs: width, outputs: 3 * width)
    projection = Self.linear(attention["proj"], inputs: width, outputs: width)
    norm2 = LayerNorm(scope["norm2"], channels: width, epsilon: 1e-6)
    hidden = Self.linear(perceptron["fc1"], inputs: width, outputs: 4 * width)
    output = Self.linear(perceptron["fc2"], inputs: 4 * width, outputs: width)
  }

  /// timm's truncation of the normal distribution lies a hundred deviations out.
  static func linear(_ scope: ParameterScope, inputs: Int, outputs: Int) -> Linear {
    Linear(
      scope, inputs: inputs, outputs: outputs, weight: .normal(deviation: 0.02), bias: .constant(0))
  }

  func callAsFunction(_ x: Variable, on tape: Tape) -> Variable { self(x, keeping: nil, on: tape) }

  /// - Parameters:
  ///   - count: tokens at the front that are wanted; nil for all.
  ///   - isWatched: the last block, whose attention is the last to look at patches apart.
  func callAsFunction(
    _ x: Variable, keeping count: Int?, isWatched: Bool = false, on tape: Tape
  ) -> Variable {
    let count = count ?? x.shape[1]
    let normalized = norm1(x, on: tape)
    let attended = attention(
      qkv(isWatched ? tape.watching(normalized) : normalized, on: tape), heads: heads,
      queries: count, on: tape)
    let y = add(
      projection, attended, depths.0, to: firstTokens(x, count, on: tape), on: tape)
    return add(
      output, hidden(norm2(y, on: tape), activation: .gelu, on: tape), depths.1, to: y, on: tape)
  }

  /// `depth(layer(x)) + shortcut`
  private func add(
    _ layer: Linear, _ x: Variable, _ depth: StochasticDepth, to shortcut: Variable, on tape: Tape
  ) -> Variable {
    guard depth.isActive(on: tape) else { return layer(x, adding: shortcut, on: tape) }
    return residualSum(
      depth(layer(x, on: tape), on: tape), shortcut, activation: .identity, on: tape)
  }
}
