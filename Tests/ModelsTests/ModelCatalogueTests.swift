import Differentiation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite struct ModelCatalogueTests {
  /// torchvision's and timm's own counts for 1000 classes; the CIFAR nets of section 4.2
  /// have 0.27 million with 20 layers (there with shortcuts that have no parameters).
  @Test(arguments: [
    ("resnet18", 1000, 11_689_512), ("resnet34", 1000, 21_797_672), ("resnet50", 1000, 25_557_032),
    ("resnet101", 1000, 44_549_160), ("cifar-resnet20", 10, 272_474),
    ("efficientnet-b0", 1000, 5_288_548), ("efficientnet-b1", 1000, 7_794_184),
    ("efficientnet-b2", 1000, 9_109_994), ("efficientnet-b3", 1000, 12_233_232),
    ("efficientnet-b4", 1000, 19_341_616), ("efficientnet-lite0", 1000, 4_652_008),
    ("efficientnet-lite1", 1000, 5_416_680), ("efficientnet-lite2", 1000, 6_092_072),
    ("mobilenetv3-small", 1000, 2_542_856), ("mobilenetv3-large", 1000, 5_483_032),
    ("convnext-tiny", 1000, 28_589_128),
    ("vit-ti16", 1000, 5_717_416), ("vit-s16", 1000, 22_050_664), ("vit-b16", 1000, 86_567_656),
  ])
  func `parameters are as many as torchvision and timm count`(
    _ name: String, _ classes: Int, _ count: Int
  ) throws {
    let model = try #require(
      ModelCatalogue.model(named: name, channels: 3, classes: classes, imageSize: 224))
    #expect(model.layout.parameterCount == count)
  }

  /// Any head goes on any net: the body is the same, the head's names are known, and logits come out.
  @Test(arguments: ModelCatalogue.names, Head.allCases)
  func `any head goes on any net`(_ name: String, _ head: Head) throws {
    func make(_ head: Head) throws -> Model {
      try #require(
        ModelCatalogue.model(named: name, channels: 3, classes: 7, imageSize: 32, head: head))
    }
    func body(_ model: Model) -> [String] {
      model.layout.entries.map(\.name).filter { !model.headNames.contains($0) }
    }
    let (model, plain) = (try make(head), try make(.plain))
    #expect(body(model) == body(plain))
    #expect(plain.headNames.count == 2)
    #expect(model.headNames.count == [.plain: 2, .regularised: 12, .attention: 9][head])
    let pool = ThreadPool(threads: 2)
    let tape = Tape(
      Parameters(weights: .weights(model.layout)), mode: .evaluation, pool: pool)
    let images = Variable(randomTensor([1, 32, 32, 3], seed: 1), needsGradient: false)
    #expect(model.network(images, on: tape).shape == [1, 7])
  }

  /// Grey images from the least size on, of sizes that no stride divides.
  @Test(
    arguments: [
      "cifar-resnet8", "resnet18", "efficientnet-b0", "efficientnet-lite0", "mobilenetv3-small",
      "convnext-tiny", "vit-ti16",
    ], [0, 9])
  func `any size and number of classes gives logits`(_ name: String, _ more: Int) throws {
    let size = ModelCatalogue.leastImageSize(of: name) + more
    let model = try #require(
      ModelCatalogue.model(named: name, channels: 1, classes: 3, imageSize: size))
    let tape = Tape(
      Parameters(weights: model.initialWeights(seed: 1)), mode: .evaluation,
      pool: ThreadPool(threads: 1))
    let images = Variable(randomTensor([2, size, size, 1], seed: 1), needsGradient: false)
    let logits = model.network(images, on: tape)
    #expect(logits.shape == [2, 3])
    #expect(logits.value.values.allSatisfy { $0.isFinite })
  }

  /// In training with random numbers, a net whose blocks are passed over says something else; asked, it is the
  /// plain net.
  @Test(arguments: [
    "cifar-resnet8", "resnet50", "efficientnet-b0", "mobilenetv3-small", "convnext-tiny",
    "vit-ti16",
  ])
  func `blocks are passed over in training alone`(_ name: String) throws {
    func logits(_ rate: Double, _ mode: Tape.Mode) throws -> [Float] {
      let model = try #require(
        ModelCatalogue.model(
          named: name, channels: 3, classes: 3, imageSize: 32, stochasticDepth: rate))
      let tape = Tape(
        Parameters(weights: model.initialWeights(seed: 1), gradient: .gradient(model.layout)),
        mode: mode, pool: ThreadPool(threads: 2),
        randomness: Randomness(seed: 3, epoch: 0, positions: [0, 1, 2, 3]))
      let images = Variable(randomTensor([4, 32, 32, 3], seed: 1), needsGradient: false)
      let logits = model.network(images, on: tape)
      if mode == .training {
        logits.receiveGradient(sharing: randomTensor([4, 3], seed: 2), pool: tape.pool)
        tape.backward()
      }
      return logits.value.values
    }
    #expect(try logits(0.9, .evaluation) == logits(0, .evaluation))
    let (plain, passedOver) = (try logits(0, .training), try logits(0.9, .training))
    #expect(plain != passedOver && passedOver.allSatisfy(\.isFinite))
  }

  @Test func `an unknown name is no model`() {
    #expect(ModelCatalogue.model(named: "resnet81", channels: 3, classes: 2, imageSize: 32) == nil)
  }

  @Test func `initial weights are a function of the seed`() throws {
    let model = try #require(
      ModelCatalogue.model(named: "cifar-resnet8", channels: 1, classes: 10, imageSize: 32))
    func weights(_ seed: UInt64) -> [Float] {
      let store = model.initialWeights(seed: seed)
      return Array(UnsafeBufferPointer(start: store.pointer, count: store.count))
    }
    #expect(weights(1) == weights(1))
    #expect(weights(1) != weights(2))
    // He initialisation, fan-out: variance 2 / (9 · 16) for the stem.
    let stem = try #require(model.layout.entry(named: "layer1.0.conv1.weight"))
    let values = weights(1)[stem.range].map(Double.init)
    let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    #expect(abs(variance - 2.0 / 144) < 0.1 * 2 / 144)
  }
}
