/// Where one parameter or running statistic lies in the flat store.
package struct FlatEntry: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// A matrix or filter bank: weight decay applies.
    case weight
    /// A bias, or a norm's scale or shift: exempt from weight decay by default.
    case vector
    /// A running statistic: not optimised, averaged.
    case statistic
  }

  /// How the memory maps to PyTorch's layout of the same tensor.
  package enum Order: Sendable, Equatable {
    /// As it is.
    case same
    /// A convolution: `[R, S, C/groups, K]` here, `[K, C/groups, R, S]` there.
    case filters
    /// A linear layer: `[in, out]` here, `[out, in]` there.
    case transposed
  }

  /// PyTorch's name, e.g. `layer1.0.conv1.weight`.
  package let name: String
  package let shape: Shape
  package let kind: Kind
  package let order: Order
  /// First element in the store, a multiple of 16.
  package fileprivate(set) var offset = 0

  package init(name: String, shape: Shape, kind: Kind, order: Order = .same) {
    self.name = name
    self.shape = shape
    self.kind = kind
    self.order = order
  }

  package var range: Range<Int> { offset..<(offset + shape.count) }
}

/// The order of a model's numbers in one flat buffer: all parameters in forward order, then all
/// running statistics, each starting on 64 bytes. The gaps hold zeros.
///
/// A gradient has the same layout, its statistics being sums over samples, followed by `tail`: the
/// numbers that must travel with it. So sum, clip, update, average and save are one loop each.
package struct FlatLayout: Sendable, Equatable {
  /// Numbers at the end of a gradient, each a sum over samples.
  package enum Tail: Int, CaseIterable, Sendable {
    /// Loss times weight.
    case loss
    /// The samples' weights: what the gradient is divided by.
    case weight
    /// Samples: what the statistics are divided by.
    case samples
    /// Samples whose largest logit is the label's.
    case correct
  }

  /// Elements of a norm's partial sum; blocks restart at each entry.
  package static let blockLength = 4096

  package let entries: [FlatEntry]
  package let parameters: Range<Int>
  package let statistics: Range<Int>
  package let tail: Range<Int>
  /// Consecutive ranges of at most `blockLength` elements that tile parameters and statistics, gaps
  /// included; each lies in one entry. The tail is a block of its own, the last.
  package let blocks: [Range<Int>]

  /// Lays out the entries: parameters in the order given, then the statistics in theirs.
  package init(_ declared: [FlatEntry]) {
    precondition(
      Set(declared.map(\.name)).count == declared.count, "two parameters with one name")
    func aligned(_ count: Int) -> Int {
      (count + BufferPool.unit - 1) / BufferPool.unit * BufferPool.unit
    }
    var entries: [FlatEntry] = []
    var blocks: [Range<Int>] = []
    var end = 0
    func place(_ entry: FlatEntry) {
      var entry = entry
      entry.offset = end
      end += aligned(entry.shape.count)
      entries.append(entry)
      for start in stride(from: entry.offset, to: end, by: Self.blockLength) {
        blocks.append(start..<min(start + Self.blockLength, end))
      }
    }
    for entry in declared where entry.kind != .statistic { place(entry) }
    parameters = 0..<end
    for entry in declared where entry.kind == .statistic { place(entry) }
    statistics = parameters.upperBound..<end
    tail = end..<(end + aligned(Tail.allCases.count))
    blocks.append(tail)
    self.entries = entries
    self.blocks = blocks
  }

  /// Each entry with the indices of its blocks.
  package var blocksByEntry: [(entry: FlatEntry, blocks: Range<Int>)] {
    var end = 0
    return entries.map { entry in
      let start = end
      while end < blocks.count - 1, blocks[end].lowerBound < entry.range.upperBound { end += 1 }
      return (entry, start..<end)
    }
  }

  /// Floats of the weights: parameters and running statistics.
  package var weightCount: Int { statistics.upperBound }
  /// Floats of a gradient: parameters, statistics and tail.
  package var gradientCount: Int { tail.upperBound }

  /// The number of trainable numbers, gaps not counted.
  package var parameterCount: Int {
    entries.reduce(0) { $1.kind == .statistic ? $0 : $0 + $1.shape.count }
  }

  package func entry(named name: String) -> FlatEntry? { entries.first { $0.name == name } }
}
