package import Models

extension Recipe {
  package struct Model: Sendable {
    /// A name of the catalogue; whether it exists is checked where the model is made.
    package let name: String
    /// The side of the square input in pixels.
    package let imageSize: Int
    /// The file, run or checkpoint whose weights to start from. Nil: drawn from the seed.
    package let weights: String?
    /// The SHA-256 that their file must have. Nil: any; then a run notes the one that it began with.
    package let weightsDigest: String?
    package let loading: Loading
    /// Whether averaged weights are taken of a file that has raw ones as well.
    package let averaged: Bool
    package let head: Head
    /// The share of features that the head drops in training. Nil: the head's own.
    package let dropout: Double?
    /// The rate at which the last block is passed over for a photo in training.
    package let stochasticDepth: Double

    /// What is done where the file's tensors aren't the model's.
    package enum Loading: String, CaseIterable, Sendable {
      /// The run ends before it begins.
      case strict
      /// What fits is taken, the rest drawn from the seed.
      case partial
    }

    init(_ recipe: inout RecipeReader) {
      name = recipe.read("model.name", .text("a model's name"), default: "resnet18")
      imageSize = recipe.read("model.image-size", .integer(8...1024), default: 224)
      weights = recipe.read(
        "model.weights", .text("a file, a run's folder or a checkpoint's"), or: "none",
        default: nil)
      weightsDigest = recipe.read("model.weights-sha256", .digest, or: "auto", default: nil)
      loading = recipe.read("model.loading", .choice, default: .strict)
      averaged = recipe.read("model.averaged", .flag, default: true)
      head = recipe.read("model.head", .choice, default: .plain)
      dropout = recipe.read("model.dropout", .number(0...0.9), or: "auto", default: nil)
      stochasticDepth = recipe.read("model.stochastic-depth", .number(0...0.9), default: 0)
    }
  }
}
