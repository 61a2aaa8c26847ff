/// A model's weights or one gradient: a flat buffer under a layout.
package final class FlatStore: Sendable {
  package let layout: FlatLayout
  package let storage: Storage

  private init(layout: FlatLayout, count: Int) {
    self.layout = layout
    storage = BufferPool.shared.take(count)
  }

  /// Parameters and running statistics with unknown contents: for passes that find shapes alone.
  package convenience init(uninitializedWeights layout: FlatLayout) {
    self.init(layout: layout, count: layout.weightCount)
  }

  /// The same for a gradient.
  package convenience init(uninitializedGradient layout: FlatLayout) {
    self.init(layout: layout, count: layout.gradientCount)
  }

  /// Parameters and running statistics, all zero.
  package static func weights(_ layout: FlatLayout) -> FlatStore {
    FlatStore(uninitializedWeights: layout).zeroed()
  }

  /// A gradient, with its statistics and tail, all zero.
  package static func gradient(_ layout: FlatLayout) -> FlatStore {
    FlatStore(uninitializedGradient: layout).zeroed()
  }

  private func zeroed() -> FlatStore {
    pointer.update(repeating: 0, count: count)
    return self
  }

  package var pointer: UnsafeMutablePointer<Float> { storage.pointer }
  package var count: Int { storage.count }

  /// The same numbers in memory of their own.
  package func copy() -> FlatStore {
    let copy = FlatStore(layout: layout, count: count)
    copy.pointer.update(from: pointer, count: count)
    return copy
  }

  /// The entry's numbers as a view.
  package func tensor(_ entry: FlatEntry) -> Tensor {
    Tensor(storage, offset: entry.offset, shape: entry.shape)
  }

  /// A number of a gradient's tail.
  package subscript(tail: FlatLayout.Tail) -> Float {
    get { pointer[layout.tail.lowerBound + tail.rawValue] }
    set { pointer[layout.tail.lowerBound + tail.rawValue] = newValue }
  }
}
