import DataParallel
import Differentiation
import Models
import NeuralNetworks
import Recipes
import Tensors

/// A net of the catalogue by its numbers, for 1000 classes and the images that its paper trains it
/// with: a row of `tutti models`.
package struct ModelSummary: Encodable, Sendable {
  /// All there are.
  package static var names: [String] { ModelCatalogue.names }

  package let name: String
  /// The side of the square images in pixels.
  package let imageSize: Int
  package let parameters: Int
  /// As papers and torchvision count them: 10⁹ multiplications, each with its addition, in one image's
  /// forward pass.
  package let gflops: Double
  /// Of parameters and running statistics in Float32, as checkpoints have them.
  package let fileBytes: Int

  /// Counts in the model itself, and in a forward pass of one image's shape.
  ///
  /// - Throws: `RecipeError` for a model that doesn't exist.
  package init(_ name: String) throws {
    let size = ModelCatalogue.usualImageSize(of: name)
    let model = try Recipe(
      overrides: ["model.name=\(name)", "model.image-size=\(size)"]
    ).makeModel(channels: 3, classes: 1000)
    let profile = OperationProfile()
    let tape = Tape(
      Parameters(weights: FlatStore(uninitializedWeights: model.layout)), mode: .shapes,
      pool: ThreadPool(threads: 1), profile: profile)
    _ = model.network(
      Variable(Tensor(uninitialized: [1, size, size, 3]), needsGradient: false), on: tape)
    self.name = name
    imageSize = size
    parameters = model.layout.parameterCount
    gflops =
      profile.entries.reduce(0) {
        $0 + Double($1.times.calls * ($1.operation.multiplications ?? 0))
      } * 1e-9
    fileBytes =
      model.layout.entries.reduce(0) { $0 + $1.shape.count } * MemoryLayout<Float>.stride
  }
}
