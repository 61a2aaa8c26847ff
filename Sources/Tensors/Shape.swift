/// The extents of a tensor, outermost first: `[N, H, W, C]` for images, row-major in memory.
package struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  package let extents: [Int]

  package init(_ extents: [Int]) {
    precondition(extents.allSatisfy { $0 >= 0 }, "negative extent in \(extents)")
    self.extents = extents
  }

  package init(arrayLiteral extents: Int...) { self.init(extents) }

  /// The number of elements: the product of the extents, 1 for a scalar.
  package var count: Int { extents.reduce(1, *) }
  package var rank: Int { extents.count }
  package subscript(axis: Int) -> Int { extents[axis] }
  package var description: String { "[" + extents.map(String.init).joined(separator: ", ") + "]" }
}
