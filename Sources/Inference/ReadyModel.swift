package import Evaluation
package import Images
import NeuralNetworks
package import Tensors

/// A model, or several together, in memory and ready to be asked about single photos as they come: what a server
/// answers with, bit for bit what `tutti predict` says of the same photo alone.
///
/// It is made by one thread and then asked by others. Photos may be prepared by any number of threads at once, and
/// asked about side by side once `warmUp` has been called.
package final class ReadyModel: @unchecked Sendable {
  /// How it is asked about a photo.
  package struct Question: Hashable, Sendable {
    /// Views of the photo by their name; nil for those that the model has anyway.
    package let views: String?
    package let wantsHeatMap: Bool

    package init(views: String? = nil, wantsHeatMap: Bool = false) {
      self.views = views
      self.wantsHeatMap = wantsHeatMap
    }
  }

  /// A photo as the nets are to see it.
  package struct Prepared: Sendable {
    fileprivate let name: String
    fileprivate let question: Question
    fileprivate let views: [Tensor]
  }

  /// What is said of a photo.
  package struct Answer: Sendable {
    /// Of one photo.
    package let photos: PhotoPredictions
    package let heatMap: HeatMap?
  }

  /// The models' paths.
  package let paths: [String]
  package let classes: [String]
  /// Of the pool that is asked.
  package let threads: Int
  package let loaderThreads: Int
  /// What is to be known of the models.
  package let notes: [String]
  /// Why there are no heat maps; nil where there are.
  package let heatMapProblem: (any Error)?
  private let decoding: Decoding
  private let threshold: Double
  private let passes: [Question: EnsemblePass]

  /// - Parameters:
  ///   - threshold: of the probability under which a photo is none of the classes; 0 for none.
  ///   - passes: one for each question that may be asked.
  package init(
    paths: [String], classes: [String], decoding: Decoding, rejectingBelow threshold: Double,
    threads: Int, loaderThreads: Int, notes: [String], heatMapProblem: (any Error)?,
    passes: [Question: EnsemblePass]
  ) {
    self.paths = paths
    self.classes = classes
    self.decoding = decoding
    self.threshold = threshold
    self.threads = threads
    self.loaderThreads = loaderThreads
    self.notes = notes
    self.heatMapProblem = heatMapProblem
    self.passes = passes
  }

  /// Decodes a photo and makes its views.
  ///
  /// - Parameter name: names the photo in errors.
  package func prepare(
    _ photo: [UInt8], called name: String, for question: Question
  ) throws(PhotoError) -> Prepared {
    let image = try Image(photo: photo, path: name, by: decoding)
    return prepare(image, called: name, for: question)
  }

  private func prepare(_ image: Image, called name: String, for question: Question) -> Prepared {
    let pipelines = pass(for: question).pipelines
    let views = pipelines.map { Tensor(uninitialized: Shape([1] + $0.shape.extents)) }
    // As of the first photo of a list.
    Pipeline.write(image, by: pipelines, seed: 0, epoch: 0, position: 0) { views[$0].pointer }
    return Prepared(name: name, question: question, views: views)
  }

  /// Asks about a photo that it has prepared.
  ///
  /// - Throws: `GradCAMError`.
  package func answer(_ photo: Prepared, on pool: ThreadPool) throws -> Answer {
    let (predictions, map) = try pass(for: photo.question).answer(
      photo.views, called: photo.name, showing: photo.question.wantsHeatMap, on: pool)
    return Answer(
      photos: PhotoPredictions(predictions, of: [photo.name], rejectingBelow: threshold),
      heatMap: map)
  }

  /// Prepares the weights by asking about a grey photo, and makes sure that answers can be told.
  ///
  /// - Throws: `TwinClasses`, `GradCAMError`.
  package func warmUp(on pool: ThreadPool) throws {
    let size = ImageSize(height: 64, width: 64)
    let grey = Image(
      height: size.height, width: size.width, channels: 3,
      pixels: [UInt8](repeating: 128, count: 3 * size.height * size.width))
    // What is prepared depends on the size of what is looked at, and later several threads look.
    for question in passes.keys where !question.wantsHeatMap {
      let answer = try answer(prepare(grey, called: "grey", for: question), on: pool)
      _ = try answer.photos.json()
    }
  }

  private func pass(for question: Question) -> EnsemblePass {
    guard let pass = passes[question] else {
      preconditionFailure("\(question) is none of the questions")
    }
    return pass
  }
}
