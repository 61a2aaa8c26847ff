/// `count` things in neighbouring chunks whose lengths differ by at most one grain: a function of
/// its arguments alone, never of the number of threads or ranks.
package struct Partition: Sendable {
  package let count: Int
  package let chunks: Int
  private let grain: Int

  /// As many chunks as there are whole runs of `least` things, at most `limit`; borders are
  /// multiples of `grain`.
  package init(_ count: Int, least: Int = 1, grain: Int = 1, limit: Int = 64) {
    self.count = count
    self.grain = grain
    let units = (count + grain - 1) / grain
    chunks = max(1, min(limit, units, count / max(least, 1)))
  }

  /// The length of the longest chunk.
  package var longest: Int {
    let units = (count + grain - 1) / grain
    return (units + chunks - 1) / chunks * grain
  }

  package subscript(chunk: Int) -> Range<Int> {
    let units = (count + grain - 1) / grain
    let start = chunk * units / chunks
    let end = (chunk + 1) * units / chunks
    return min(start * grain, count)..<min(end * grain, count)
  }
}
