/// Something for each of some metrics, such as its value, or mean and deviation over folds. In JSON, these are
/// keys among those of whatever holds it.
package struct MetricValues<Value: Codable & Equatable & Sendable>: Equatable, Sendable {
  /// In the order of `Metric.all`.
  package let metrics: [Metric]
  private let values: [Value]

  package init(_ metrics: [Metric], _ value: (Metric) throws -> Value) rethrows {
    self.metrics = metrics
    values = try metrics.map(value)
  }

  /// Nil for a metric that isn't one of these.
  package subscript(metric: Metric) -> Value? {
    metrics.firstIndex(of: metric).map { values[$0] }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  /// - Parameter missing: the value of a metric that wasn't there yet when the file was written.
  package init(
    _ metrics: [Metric], from decoder: any Decoder, missing: (Metric) throws -> Value
  ) throws {
    let container = try decoder.container(keyedBy: Key.self)
    try self.init(metrics) { metric in
      let key = Key(stringValue: metric.key)
      return try container.decodeIfPresent(Value.self, forKey: key) ?? missing(metric)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (metric, value) in zip(metrics, values) {
      try container.encode(value, forKey: Key(stringValue: metric.key))
    }
  }
}
