import Differentiation
import Kernels
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

/// Activations in 16 bits: what they cost in accuracy, net by net.
@Suite struct PrecisionTests {
  static let images = 8

  /// The gradient of a training's pass over random photos of 64 pixels. Batch norms keep their statistics: those of so
  /// few photos make a deep net with random weights a chaos, in which nothing is near anything.
  private func gradient(_ model: Model, _ precision: Precision, threads: Int = 2) -> FlatStore {
    let gradient = FlatStore.gradient(model.layout)
    let statistics = model.layout.entries.filter { $0.kind == .statistic }.map(\.name)
    let tape = Tape(
      Parameters(
        weights: model.initialWeights(seed: 3), gradient: gradient, frozen: Set(statistics)),
      mode: .training, pool: ThreadPool(threads: threads), precision: precision)
    let photos = Variable(randomTensor([Self.images, 64, 64, 3], seed: 4), needsGradient: false)
    let targets = Targets((0..<Self.images).map { $0 % 5 })
    _ = CrossEntropyLoss(labelSmoothing: 0.1)(
      model.network(photos, on: tape), targets, on: tape)
    tape.backward()
    return gradient
  }

  private func model(_ name: String) throws -> Model {
    try #require(ModelCatalogue.model(named: name, channels: 3, classes: 5, imageSize: 64))
  }

  /// Nets without corners are as far from floats as their roundings are. A rectifier near its corner opens or shuts:
  /// with roundings of 2⁻⁹ that is a share of some thousandths in each layer, and the root of that in the gradient.
  /// Measured are at most 0.39 and 0.15 with such, 0.014 and 0.0012 without.
  @Test(arguments: ModelCatalogue.names)
  func `gradients are those of floats but for rounding`(_ name: String) throws {
    let model = try model(name)
    let exact = gradient(model, .fp32)
    let isSmooth = name.hasPrefix("vit") || name.hasPrefix("convnext")
    for (precision, tolerance) in [
      (Precision.bf16, isSmooth ? 0.03 : 0.6), (.fp16, isSmooth ? 0.003 : 0.25),
    ] {
      let rounded = gradient(model, precision)
      var (difference, square) = (0.0, 0.0)
      for place in model.layout.parameters {
        let (a, b) = (Double(exact.pointer[place]), Double(rounded.pointer[place]))
        difference += (a - b) * (a - b)
        square += a * a
      }
      let error = (difference / square).squareRoot()
      #expect(error > 0 && error < tolerance, "\(precision)")
    }
  }

  @Test(arguments: ["resnet18", "efficientnet-b0", "vit-ti16"], [Precision.bf16, .fp16])
  func `any number of threads gives the same bits`(_ name: String, _ precision: Precision) throws {
    let model = try model(name)
    let one = gradient(model, precision, threads: 1)
    let three = gradient(model, precision, threads: 3)
    #expect(
      model.layout.parameters.allSatisfy {
        one.pointer[$0].bitPattern == three.pointer[$0].bitPattern
      })
  }
}
