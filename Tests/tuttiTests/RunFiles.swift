import Foundation
import Support

/// What a run's folder holds.
struct RunFiles {
  let path: String

  init(_ path: String) { self.path = path }

  /// The steps that have a checkpoint.
  var checkpoints: [Int] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: "\(path)/checkpoints")
    return (names ?? []).compactMap { $0.hasPrefix("step-") ? Int($0.dropFirst(5)) : nil }.sorted()
  }

  func checkpoint(_ step: Int) -> String {
    let digits = String(step)
    return "\(path)/checkpoints/step-" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The files of a checkpoint by name, byte for byte; empty when it isn't there.
  func contents(ofCheckpoint step: Int) throws -> [String: Data] {
    let folder = checkpoint(step)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")))
      })
  }

  func state(ofCheckpoint step: Int) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(checkpoint(step))/state.json"))
    let file = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return file?["state"] as? [String: Any] ?? [:]
  }

  /// What the rule `best` remembers after a step; nil before the first validation.
  func best(inCheckpoint step: Int) throws -> [String: Double]? {
    (try state(ofCheckpoint: step)["rules"] as? [String: [String: Double]])?["best"]
  }

  /// The lines of `metrics.jsonl`, each a JSON object.
  func metrics() throws -> [[String: Any]] {
    let text = try String(contentsOfFile: "\(path)/metrics.jsonl", encoding: .utf8)
    return try text.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }

  /// The steps of the metrics' lines of one kind, in their order.
  func steps(_ kind: String) throws -> [Int] {
    try metrics().filter { $0["kind"] as? String == kind }.compactMap { $0["step"] as? Int }
  }

  /// The last step whose line is whole, in a run that goes on.
  var stepsTaken: Int {
    let text = (try? String(contentsOfFile: "\(path)/metrics.jsonl", encoding: .utf8)) ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .count { $0.contains("\"kind\":\"step\"") }
  }

  /// All files below the folder, byte for byte.
  func contents() throws -> [String: Data] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return Dictionary(
      uniqueKeysWithValues: names.compactMap { name in
        (try? Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))).map { (name, $0) }
      })
  }
}
