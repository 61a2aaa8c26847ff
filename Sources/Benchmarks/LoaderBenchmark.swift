import Datasets
import Experiments

/// How fast photos are read, decoded and made into batches, without training: what
/// `tutti bench loader` finds.
package struct LoaderBenchmark: Encodable, Sendable {
  /// Photos that were loaded in each pass.
  package let photos: Int
  /// The side of the square images in pixels.
  package let size: Int
  package let threads: Int
  package let imagesPerSecond: Double
  package let imagesPerSecondPerThread: Double

  /// Loads photos from all over the data set with the transforms of a training: once to have the files
  /// in the system's cache, then three times, of which the median counts.
  ///
  /// - Parameters:
  ///   - data: as for `tutti train`.
  ///   - limit: the most photos to load.
  /// - Throws: `RecipeError`, errors of the data set, `PhotoError`.
  package init(data: String, size: Int, threads: Int?, limit: Int) throws {
    let experiment = try Experiment(
      Recipe(overrides: ["data.path=\(data)", "model.image-size=\(size)"]))
    let count = experiment.dataset.samples.count
    photos = min(count, limit)
    let samples = (0..<photos).map { [photos] in $0 * count / photos }
    let threads = threads ?? Cores.inMask
    let seconds = try (0..<4).map { pass in
      let batches = stride(from: 0, to: samples.count, by: 16).map {
        BatchRequest(epoch: pass, positions: $0..<min($0 + 16, samples.count), of: samples)
      }
      return try ContinuousClock().measure {
        let loader = try Loader(
          experiment.dataset, experiment.pipeline, seed: 42, threads: threads, lookAhead: 8,
          requests: batches)
        while try loader.next() != nil {}
      } / .seconds(1)
    }
    self.size = size
    self.threads = threads
    imagesPerSecond = Double(photos) / Array(seconds.dropFirst()).median
    imagesPerSecondPerThread = imagesPerSecond / Double(threads)
  }
}
