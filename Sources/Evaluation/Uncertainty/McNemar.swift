import Glibc

/// Whether two models that were asked about the same photos differ by more than chance: McNemar, "Note on the sampling
/// error of the difference between correlated proportions", 1947, in its exact form.
package struct McNemar: Codable, Equatable, Sendable {
  /// Photos that the first model alone has right.
  package let firstAlone: Int
  /// Photos that the second alone has right.
  package let secondAlone: Int

  private enum CodingKeys: String, CodingKey {
    case firstAlone = "first_alone"
    case secondAlone = "second_alone"
    case p
  }

  package init(firstAlone: Int, secondAlone: Int) {
    self.firstAlone = firstAlone
    self.secondAlone = secondAlone
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    firstAlone = try container.decode(Int.self, forKey: .firstAlone)
    secondAlone = try container.decode(Int.self, forKey: .secondAlone)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(firstAlone, forKey: .firstAlone)
    try container.encode(secondAlone, forKey: .secondAlone)
    try container.encode(p, forKey: .p)
  }

  /// How probable a difference as large as this one is if either model is as often right alone: of n photos, two-sided,
  /// min(1, 2·Σ_{i ≤ min(b, c)} C(n, i) / 2ⁿ).
  package var p: Double {
    let n = firstAlone + secondAlone
    let least = min(firstAlone, secondAlone)
    var sum = 0.0
    // From the largest term down, until terms add nothing.
    for i in stride(from: least, through: 0, by: -1) {
      let term = exp(
        lgamma(Double(n + 1)) - lgamma(Double(i + 1)) - lgamma(Double(n - i + 1))
          - Double(n) * log(2))
      if sum + term == sum { break }
      sum += term
    }
    return min(1, 2 * sum)
  }
}
