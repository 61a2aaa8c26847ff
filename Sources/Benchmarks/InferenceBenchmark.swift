import CProcessor
import DataParallel
import Differentiation
import NeuralNetworks
import Recipes
import Tensors
import Timelines

/// The speed of a net's forward pass in evaluation, on images already in memory: what `tutti bench
/// inference` finds.
package struct InferenceBenchmark: Encodable, Sendable {
  package let model: String
  package let batch: Int
  package let size: Int
  package let threads: Int
  package let processor: String
  package let passes: Int
  package let imagesPerSecond: Double
  /// The median.
  package let passMilliseconds: Double

  /// Passes that don't count, which find memory not yet mapped.
  private static let warmUp = 3

  /// Asks a net of 1000 classes with its first weights about random images, again and again.
  ///
  /// - Parameters:
  ///   - threads: by default the cores.
  ///   - seconds: to measure for, at least three passes.
  /// - Throws: `RecipeError` for a model or size that doesn't exist.
  package static func measure(
    model name: String, batch: Int, size: Int, threads: Int?, seconds: Double
  ) throws -> InferenceBenchmark {
    let model = try Recipe(
      overrides: ["model.name=\(name)", "model.image-size=\(size)"]
    ).makeModel(channels: 3, classes: 1000)
    let pool = ThreadPool(threads: threads ?? Cores.usable)
    let images = SyntheticBatch(number: 0, images: batch, size: size).images
    let parameters = Parameters(
      weights: model.initialWeights(seed: 42), prepared: PreparedWeights())
    func forward() -> Double {
      let time = ContinuousClock().measure {
        let tape = Tape(parameters, mode: .evaluation, pool: pool)
        _ = model.network(Variable(images, needsGradient: false), on: tape)
      }
      return time / .seconds(1)
    }
    let times = Activity.during("timing") { activity in
      for _ in 0..<Self.warmUp { _ = forward() }
      var times: [Double] = []
      while times.count < 3 || times.reduce(0, +) < seconds {
        times.append(forward())
        activity.advance()
      }
      return times
    }
    return InferenceBenchmark(
      model: name, batch: batch, size: size, threads: pool.threads,
      processor: String(cString: tutti_processor_description()), passes: times.count,
      imagesPerSecond: Double(batch) / times.median, passMilliseconds: times.median * 1e3)
  }
}
