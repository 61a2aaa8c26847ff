extension [Double] {
  /// The middle one in order of size, or the mean of the two; 0 when there are none.
  package var median: Double {
    let sorted = sorted()
    guard !sorted.isEmpty else { return 0 }
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
