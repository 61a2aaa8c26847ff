/// Something for each metric, such as its value, or mean and deviation over folds. In JSON, these are
/// keys among those of whatever holds it.
package struct MetricValues<Value: Codable & Equatable & Sendable>: Equatable, Sendable {
  /// In the order of `Metric.all`.
  private let values: [Value]

  package init(_ value: (Metric) throws -> Value) rethrows { values = try Metric.all.map(value) }

  package subscript(metric: Metric) -> Value {
    guard let index = Metric.all.firstIndex(of: metric) else {
      preconditionFailure("\(metric.name) isn't in Metric.all")
    }
    return values[index]
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  /// - Parameter missing: the value of a metric that wasn't there yet when the file was written.
  package init(from decoder: any Decoder, missing: (Metric) throws -> Value) throws {
    let container = try decoder.container(keyedBy: Key.self)
    try self.init { metric in
      let key = Key(stringValue: metric.key)
      return try container.decodeIfPresent(Value.self, forKey: key) ?? missing(metric)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (metric, value) in zip(Metric.all, values) {
      try container.encode(value, forKey: Key(stringValue: metric.key))
    }
  }
}
