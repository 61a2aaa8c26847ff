// What several nets say together.

extension GraphBuilder {
  /// The softmax of logits, or with several labels their sigmoids.
  mutating func probabilities(of logits: String, _ haveSeveralLabels: Bool) -> String {
    haveSeveralLabels
      ? add("Sigmoid", [logits]) : add("Softmax", [logits], [("axis", .integer(-1))])
  }

  /// The probabilities of the members' mean.
  ///
  /// - Parameter logits: of each member.
  mutating func mean(
    _ mean: ONNXModel.Mean, of logits: [String], _ haveSeveralLabels: Bool
  ) -> String {
    if mean.isOfLogits {
      let sum = self.mean(of: logits, mean.weights)
      return probabilities(of: divided(sum, mean.temperature), haveSeveralLabels)
    }
    let sum = self.mean(of: logits.map { probabilities(of: $0, haveSeveralLabels) }, mean.weights)
    if mean.temperature == 1 { return sum }
    var log = add("Log", [sum])
    if haveSeveralLabels {
      log = add("Sub", [log, add("Log", [add("Sub", [constant(Float(1)), sum])])])
    }
    return probabilities(of: divided(log, mean.temperature), haveSeveralLabels)
  }

  /// - Parameter weights: nil for equal ones.
  private mutating func mean(of values: [String], _ weights: [Double]?) -> String {
    guard values.count > 1 else { return values[0] }
    guard let weights else { return add("Mean", values) }
    return add(
      "Sum", zip(values, weights).map { add("Mul", [$0, constant(Float($1))]) })
  }

  private mutating func divided(_ value: String, _ temperature: Double) -> String {
    temperature == 1 ? value : add("Div", [value, constant(Float(temperature))])
  }
}
