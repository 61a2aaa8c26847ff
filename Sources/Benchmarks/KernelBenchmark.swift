import CProcessor
import DataParallel
import Differentiation
import Kernels
import NeuralNetworks
import Recipes
package import Tensors
import Timelines
import Training

/// How long each operation of a net takes in a training step and how near that is to what the machine
/// could do: what `tutti bench kernels` finds.
package struct KernelBenchmark: Encodable, Sendable {
  package let model: String
  package let batch: Int
  package let size: Int
  package let threads: Int
  package let processor: String
  /// Of all threads, 10⁹ multiplications and additions a second.
  package let peakGigaflops: Double
  /// Of all threads, to and from memory.
  package let peakGigabytesPerSecond: Double
  /// Of a forward and backward pass, without the optimizer.
  package let passMilliseconds: Double
  /// In the order of the forward pass; one for each part of each operation and shape.
  package let rows: [KernelRow]

  /// Runs a net's forward and backward pass some times on random images, once before that.
  ///
  /// - Throws: `RecipeError` for a model or size that doesn't exist.
  package static func measure(
    model name: String, batch: Int, size: Int, precision: Precision, threads: Int?, passes: Int
  ) throws -> KernelBenchmark {
    let model = try Recipe(
      overrides: ["model.name=\(name)", "model.image-size=\(size)"]
    ).makeModel(channels: 3, classes: SyntheticBatch.classes)
    let pool = ThreadPool(threads: threads ?? Cores.usable)
    let peak = MachinePeak.arithmetic(pool)
    let bandwidth = MachinePeak.bandwidth(pool)

    let images = SyntheticBatch(number: 0, images: batch, size: size)
    let weights = model.initialWeights(seed: 42)
    let gradient = FlatStore.gradient(model.layout)
    var profiles: [OperationProfile] = []
    var seconds: [Double] = []
    Activity.during("timing", of: passes + 1, "passes") { activity in
      for pass in 0...passes {
        let profile = OperationProfile()
        let time = ContinuousClock().measure {
          runMicroBatch(
            MicroBatch(images: images.images, targets: images.targets), network: model.network,
            loss: CrossEntropyLoss(labelSmoothing: 0.1), weights: weights, gradient: gradient,
            precision: precision, pool: pool, profile: profile)
        }
        activity.advance()
        if pass == 0 { continue }  // It maps the memory.
        profiles.append(profile)
        seconds.append(time / .seconds(1))
      }
    }
    return KernelBenchmark(
      model: name, batch: batch, size: size, threads: pool.threads,
      processor: String(cString: tutti_processor_description()), peakGigaflops: peak * 1e-9,
      peakGigabytesPerSecond: bandwidth * 1e-9, passMilliseconds: seconds.median * 1e3,
      rows: profiles[0].entries.indices.flatMap { place in
        KernelRow.rows(
          of: profiles[0].entries[place].operation,
          times: profiles.map { $0.entries[place].times }, peak: peak, bandwidth: bandwidth)
      })
  }
}
