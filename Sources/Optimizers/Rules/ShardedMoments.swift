package import Tensors

/// What an optimizer remembers of the parameters in one slice of the flat store, such as running
/// means of the gradient: a rank keeps its own slice's alone. Starts as zeros.
///
/// Copies share the memory.
package struct ShardedMoments: Sendable {
  package let names: [String]
  package let range: Range<Int>
  /// One for each name, of shape `[range.count]`.
  package let values: [Tensor]

  package init(names: [String], range: Range<Int>) {
    self.names = names
    self.range = range
    values = names.map { _ in Tensor(zeros: [range.count]) }
  }

  /// Where the moments of some elements of the flat store lie, all of them in `range`.
  func pointer(_ moment: Int, to elements: Range<Int>) -> UnsafeMutablePointer<Float> {
    precondition(
      elements.clamped(to: range) == elements, "elements \(elements) aren't in the slice \(range)")
    return values[moment].pointer + (elements.lowerBound - range.lowerBound)
  }
}
