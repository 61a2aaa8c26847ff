import Kernels
import Tensors

/// What passes with the same weights need not do again: filters in the order in which the convolutions'
/// algorithms read them, and normalisations by running statistics. For one thread's passes.
package final class PreparedWeights {
  private struct Key: Hashable {
    let filters: String
    let usesWinograd: Bool
  }

  /// Without a tensor for convolutions in groups.
  private var filters: [Key: Tensor?] = [:]
  /// By the name of the scale.
  private var normalizations: [String: Normalization] = [:]

  package init() {}

  func packed(
    _ entry: FlatEntry, of weights: FlatStore, geometry: ConvolutionGeometry, pool: ThreadPool
  ) -> Tensor? {
    let key = Key(filters: entry.name, usesWinograd: geometry.usesWinograd)
    if let packed = filters[key] { return packed }
    let packed = packFilters(weights.tensor(entry), geometry: geometry, pool: pool)
    filters[key] = .some(packed)
    return packed
  }

  func normalization(_ name: String, otherwise make: () -> Normalization) -> Normalization {
    if let known = normalizations[name] { return known }
    let normalization = make()
    normalizations[name] = normalization
    return normalization
  }
}
