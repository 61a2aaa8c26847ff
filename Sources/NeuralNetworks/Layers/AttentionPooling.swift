package import Differentiation
import Kernels
import Tensors

/// Pools a map by attention: a learned token looks at all positions through several heads, as in the
/// class attention of Touvron et al., "Going deeper with image transformers", 2021, section 3 (there
/// beside a shortcut, which for one layer would only add a constant).
package struct AttentionPooling {
  package static let heads = 8

  private let token: FlatEntry
  private let norm: LayerNorm
  private let qkv: Linear
  private let projection: Linear

  /// - Parameter channels: of the map, a multiple of the heads.
  package init(_ scope: ParameterScope, channels: Int) {
    func linear(_ name: String, outputs: Int) -> Linear {
      Linear(
        scope[name], inputs: channels, outputs: outputs, weight: .normal(deviation: 0.02),
        bias: .constant(0))
    }
    token = scope.declare("cls_token", [1, 1, channels], .vector, .normal(deviation: 0.02))
    norm = LayerNorm(scope["norm"], channels: channels, epsilon: 1e-6)
    qkv = linear("qkv", outputs: 3 * channels)
    projection = linear("proj", outputs: channels)
  }

  /// `[N,C]` of a map `[N,H,W,C]` or tokens `[N,T,C]`, which may be pending.
  package func callAsFunction(_ map: Variable, on tape: Tape) -> Variable {
    let tokens = norm(withToken(token, before: finished(map, on: tape), on: tape), on: tape)
    let y = attention(qkv(tokens, on: tape), heads: Self.heads, queries: 1, on: tape)
    return projection(reshaped(y, to: [y.shape[0], y.shape[2]], on: tape), on: tape)
  }
}
