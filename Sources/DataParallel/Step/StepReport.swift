import Tensors

/// A rank's part of the one small allgather in the middle of a step: its votes, the largest of its
/// numbers, Σ x² of each of its blocks but the tail's, and the tail's sums from the rank that has them.
struct StepReport {
  /// The votes and the largest number.
  private static let head = 3

  let slices: Slices
  /// The places of the ranks' reports in the gathered numbers.
  let ranges: [Range<Int>]

  init(_ slices: Slices) {
    self.slices = slices
    let tail = slices.layout.blocks.count - 1
    var end = 0
    ranges = slices.blocks.map { blocks in
      let start = end
      let extra = blocks.contains(tail) ? FlatLayout.Tail.allCases.count - 1 : 0
      end += Self.head + blocks.count + extra
      return start..<end
    }
  }

  /// The numbers of one rank.
  ///
  /// - Parameters:
  ///   - largest: of the absolute sums of the rank's parameters.
  ///   - sums: points at the first of its slice.
  func write(
    _ votes: StepVotes, largest: Float = 0, squares: [Double], sums: UnsafePointer<Float>, rank: Int
  ) -> [Double] {
    var numbers: [Double] = [votes.stop ? 1 : 0, votes.checkpoint ? 1 : 0, Double(largest)]
    if slices.ranges[rank].contains(slices.layout.tail.lowerBound) {
      let tail = sums + (slices.layout.tail.lowerBound - slices.ranges[rank].lowerBound)
      numbers += squares.dropLast()
      numbers += FlatLayout.Tail.allCases.map { Double(tail[$0.rawValue]) }
    } else {
      numbers += squares
    }
    return numbers
  }

  /// Reads all ranks' numbers; the norm is summed in block order.
  func read(_ numbers: [Double]) -> StepSummary {
    let layout = slices.layout
    let votes = ranges.map {
      (stop: numbers[$0.lowerBound] != 0, checkpoint: numbers[$0.lowerBound + 1] != 0)
    }
    let largest = ranges.map { numbers[$0.lowerBound + 2] }.max() ?? 0
    let sums = ranges.flatMap { numbers[($0.lowerBound + Self.head)..<$0.upperBound] }
    let squares = sums.dropLast(FlatLayout.Tail.allCases.count)
    let tail = Array(sums.suffix(FlatLayout.Tail.allCases.count))

    var total = 0.0
    var nonFinite: String?
    for (block, square) in zip(layout.blocks, squares) {
      if !square.isFinite, nonFinite == nil { nonFinite = layout.entry(at: block.lowerBound)?.name }
      if block.lowerBound < layout.parameters.upperBound { total += square }
    }
    for (sum, value) in zip(FlatLayout.Tail.allCases, tail) where !value.isFinite {
      nonFinite = nonFinite ?? "\(sum)"
    }
    let weight = tail[FlatLayout.Tail.weight.rawValue]
    return StepSummary(
      loss: tail[FlatLayout.Tail.loss.rawValue], weight: weight,
      samples: tail[FlatLayout.Tail.samples.rawValue],
      correct: tail[FlatLayout.Tail.correct.rawValue],
      gradientNorm: weight == 0 ? 0 : total.squareRoot() / weight,
      largestGradient: weight == 0 ? 0 : largest / weight,
      stopRequested: votes.contains { $0.stop }, checkpointDue: votes[0].checkpoint,
      nonFinite: nonFinite)
  }
}

extension FlatLayout {
  /// The entry that holds an element, gaps included.
  fileprivate func entry(at element: Int) -> FlatEntry? {
    entries.filter { $0.offset <= element }.max { $0.offset < $1.offset }
  }
}
