import DataParallel
import Files

/// A training that would take more memory than it may.
struct MemoryShortage: Error, UnusableInput, CustomStringConvertible {
  /// Settings that would do, and what a rank would then take.
  struct Remedy {
    let settings: [String]
    let bytes: Int
  }

  let forecast: MemoryForecast
  let limit: MemoryShare
  let remedies: [Remedy]

  var isOfInput: Bool { true }

  var description: String {
    let taken = forecast.parts.map { "\($0.name) \(ByteCount($0.bytes))" }.joined(separator: ", ")
    let settings = remedies.map { remedy in
      "--set \(remedy.settings.joined(separator: " --set ")) (\(ByteCount(remedy.bytes)))"
    }
    let advice = settings + ["fewer ranks on a host", "a smaller model.image-size or model"]
    return
      "the training would take \(ByteCount(forecast.total)) of memory on a rank (\(taken)), which may "
      + "take \(limit). What helps: \(advice.joined(separator: ", or ")). "
      + "If a rank may take more, say so in training.memory-limit"
  }
}
