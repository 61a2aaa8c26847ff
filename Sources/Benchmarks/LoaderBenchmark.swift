import DataParallel
package import Datasets
import Images
package import Recipes
import Tensors
import Timelines

/// How fast photos are read, decoded and made into batches, without training: what
/// `tutti bench loader` finds.
package struct LoaderBenchmark: Encodable, Sendable {
  /// Whose photos: those that are trained on, or all others, without what is random.
  package enum Steps: String, CaseIterable, Encodable, Sendable {
    case training
    case evaluation
  }

  package let pipeline: Steps
  /// Photos that were loaded in each pass.
  package let photos: Int
  /// The side of the square images in pixels.
  package let size: Int
  package let threads: Int
  package let imagesPerSecond: Double
  package let imagesPerSecondPerThread: Double
  /// Of one thread, from reading a file to the last step of `augment`.
  package let stages: [Stage]

  /// A part of the work on a photo.
  package struct Stage: Encodable, Sendable {
    /// `decode`, which is reading as well, or a step's word.
    package let name: String
    /// Of the time of all.
    package let share: Double
    /// For each photo.
    package let microseconds: Double
  }

  /// Loads photos from all over the data set with the transforms of a training: once to have the files
  /// in the system's cache, then three times, of which the median counts; and once more on this thread alone,
  /// stage by stage.
  ///
  /// - Parameters:
  ///   - recipe: says what is done to the photos.
  ///   - limit: the most photos to load.
  /// - Throws: `RecipeError`, errors of the data set, `PhotoError`.
  package static func measure(
    _ recipe: Recipe, _ dataset: Dataset, _ steps: Steps, threads: Int?, limit: Int
  ) throws -> LoaderBenchmark {
    let passesOver = recipe.data.corrupt == .skip
    let pipeline = try Pipeline(
      steps == .training ? recipe.augment : recipe.augment.withoutRandom,
      size: dataset.imageSize, channels: dataset.channels)
    let count = dataset.samples.count
    let photos = min(count, limit)
    let samples = (0..<photos).map { $0 * count / photos }
    let threads = threads ?? Cores.usable
    let passes = 4
    let seconds = try Activity.during("loading", of: passes * photos, "photos") { activity in
      try (0..<passes).map { pass in
        let batches = stride(from: 0, to: samples.count, by: 16).map {
          BatchRequest(
            epoch: pass, positions: $0..<min($0 + 16, samples.count), of: samples,
            by: [pipeline])
        }
        return try ContinuousClock().measure {
          let loader = Loader(
            dataset, seed: 42, threads: threads, lookAhead: 8, passesOverFailures: passesOver,
            requests: batches)
          while let batch = try loader.next() { activity.advance(by: batch.labels.count) }
        } / .seconds(1)
      }
    }
    let imagesPerSecond = Double(photos) / Array(seconds.dropFirst()).median
    return LoaderBenchmark(
      pipeline: steps, photos: photos, size: pipeline.shape[0], threads: threads,
      imagesPerSecond: imagesPerSecond,
      imagesPerSecondPerThread: imagesPerSecond / Double(threads),
      stages: try stages(of: pipeline, dataset, samples, passesOver: passesOver))
  }

  private static func stages(
    of pipeline: Pipeline, _ dataset: Dataset, _ samples: [Int], passesOver: Bool
  ) throws -> [Stage] {
    let stopwatch = Stopwatch()
    let floats = Tensor(uninitialized: pipeline.shape)
    for (position, sample) in samples.enumerated() {
      stopwatch.start()
      let image: Image
      do throws(PhotoError) {
        image = try dataset.image(sample)
      } catch {
        if passesOver { continue }
        throw error
      }
      stopwatch.lap("decode")
      pipeline.write(
        image, seed: 42, epoch: 1, position: position, to: floats.pointer, stopwatch: stopwatch)
    }
    let all = stopwatch.stages.reduce(0) { $0 + $1.seconds }
    return stopwatch.stages.map {
      Stage(
        name: $0.name, share: $0.seconds / all,
        microseconds: $0.seconds * 1e6 / Double(samples.count))
    }
  }
}
