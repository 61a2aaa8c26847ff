import Differentiation
import NeuralNetworks
import Tensors
import Testing

@Suite struct ParameterScopeTests {
  /// Two layers and a head, as nets declare them.
  private struct Toy: Network {
    let norm: FlatEntry
    let statistic: FlatEntry
    let linear: FlatEntry
    let head: FlatEntry

    init(_ scope: ParameterScope) {
      let block = scope["blocks"][1]
      norm = block["bn"].declare("weight", [5], .vector, .constant(1))
      statistic = block["bn"].declare("running_mean", [5], .statistic, .constant(0.5))
      linear = block["fc"].declare(
        "weight", [5, 20], .weight, order: .transposed, .uniform(fan: 5))
      head = scope.head["classifier"].declare("weight", [20, 3], .weight, .uniform(fan: 20))
    }

    func features(of images: Variable, on tape: Tape) -> Variable { images }
    func callAsFunction(_ images: Variable, on tape: Tape) -> Variable { images }
  }

  /// Parameters in forward order, then the statistics, under the names of their places.
  @Test func `names are places, and the order is the forward pass's`() {
    let layout = ParameterScope.build(Toy.init).layout
    #expect(
      layout.entries.map(\.name) == [
        "blocks.1.bn.weight", "blocks.1.fc.weight", "classifier.weight", "blocks.1.bn.running_mean",
      ])
  }

  /// Where an entry lies is known only when all are declared; the network must have the last word.
  @Test func `the network knows where its entries lie`() {
    let (network, layout, _, headNames) = ParameterScope.build(Toy.init)
    for entry in [network.norm, network.statistic, network.linear, network.head] {
      #expect(layout.entry(named: entry.name) == entry)
    }
    #expect(network.linear.offset > 0 && network.statistic.offset > network.head.offset)
    #expect(network.linear.order == .transposed)
    #expect(headNames == ["classifier.weight"])
  }

  @Test func `initial weights are what each entry asks for`() {
    let model = Model { Toy($0) }
    let weights = model.initialWeights(seed: 11)
    let values = { (name: String) in weights.tensor(model.layout.entry(named: name)!).values }
    #expect(values("blocks.1.bn.weight").allSatisfy { $0 == 1 })
    #expect(values("blocks.1.bn.running_mean").allSatisfy { $0 == 0.5 })
    #expect(values("classifier.weight").allSatisfy { abs($0) <= 1 / Float(20).squareRoot() })
    #expect(Set(values("blocks.1.fc.weight")).count > 90)
    // The entry's number is its place in the layout, so that no two start alike.
    let expected = Tensor(uninitialized: [5, 20])
    Initializer.uniform(fan: 5).fill(expected, seed: 11, number: 1)
    #expect(values("blocks.1.fc.weight") == expected.values)
    #expect(
      model.initialWeights(seed: 12).tensor(model.layout.entries[1]).values != expected.values)
  }
}
