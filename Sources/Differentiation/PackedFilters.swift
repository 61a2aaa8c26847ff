import Kernels
import Tensors

/// The filters of convolutions as their algorithms read them, kept over passes with the same weights.
/// For one thread's passes.
package final class PackedFilters {
  private struct Key: Hashable {
    let filters: String
    let usesWinograd: Bool
  }

  /// Without a tensor for convolutions in groups.
  private var known: [Key: Tensor?] = [:]

  package init() {}

  func packed(
    _ filters: FlatEntry, of weights: FlatStore, geometry: ConvolutionGeometry, pool: ThreadPool
  ) -> Tensor? {
    let key = Key(filters: filters.name, usesWinograd: geometry.usesWinograd)
    if let packed = known[key] { return packed }
    let packed = packFilters(weights.tensor(filters), geometry: geometry, pool: pool)
    known[key] = .some(packed)
    return packed
  }
}
