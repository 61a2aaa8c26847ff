import Glibc
import NeuralNetworks
import Tensors
import Testing

@Suite struct InitializerTests {
  private func filled(_ initializer: Initializer, seed: UInt64 = 1, number: Int = 0) -> [Float] {
    let tensor = Tensor(uninitialized: [20_000])
    initializer.fill(tensor, seed: seed, number: number)
    return tensor.values
  }

  private func moments(_ values: [Float]) -> (mean: Double, deviation: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0.0) { $0 + Double($1) } / count
    let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (mean, (squares / count).squareRoot())
  }

  @Test func `constant is constant`() {
    #expect(filled(.constant(0.25)).allSatisfy { $0 == 0.25 })
  }

  /// Mean, deviation and the share within one deviation, each to four of its own standard errors.
  @Test(arguments: [0.02, 1.5]) func `normal is normal`(_ deviation: Double) {
    let values = filled(.normal(deviation: deviation))
    let error = deviation / Double(values.count).squareRoot()
    let found = moments(values)
    #expect(abs(found.mean) < 4 * error)
    #expect(abs(found.deviation - deviation) < 4 * error / 2.0.squareRoot())
    let within = Double(values.count { abs(Double($0)) < deviation }) / Double(values.count)
    #expect(abs(within - 0.6827) < 4 * (0.6827 * 0.3173 / Double(values.count)).squareRoot())
  }

  /// `nn.Linear`'s bound is 1/√inputs; a uniform number's deviation is the bound over √3.
  @Test(arguments: [9, 100]) func `uniform has PyTorch's bound`(_ fan: Int) {
    let bound = 1 / Double(fan).squareRoot()
    let values = filled(.uniform(fan: fan))
    #expect(values.allSatisfy { abs(Double($0)) <= bound })
    #expect(values.contains { Double($0) > 0.999 * bound })
    #expect(values.contains { Double($0) < -0.999 * bound })
    let found = moments(values)
    #expect(abs(found.mean) < 0.03 * bound)
    #expect(abs(found.deviation - bound / 3.0.squareRoot()) < 0.01 * bound)
  }

  @Test(arguments: [Initializer.normal(deviation: 1), .uniform(fan: 4)])
  func `is a function of seed and place`(_ initializer: Initializer) {
    let values = filled(initializer, seed: 3, number: 5)
    #expect(filled(initializer, seed: 3, number: 5) == values)
    #expect(filled(initializer, seed: 4, number: 5) != values)
    #expect(filled(initializer, seed: 3, number: 6) != values)
  }

  @Test(arguments: [Initializer.normal(deviation: 1), .uniform(fan: 9)])
  func `any number of threads draws the same`(_ initializer: Initializer) {
    let (one, three) = (Tensor(uninitialized: [70_001]), Tensor(uninitialized: [70_001]))
    initializer.fill(one, seed: 5, number: 2)
    initializer.fill(three, seed: 5, number: 2, pool: ThreadPool(threads: 3))
    #expect(one.values == three.values)
  }

  /// Element i draws at the indices 2i and 2i + 1, so that every run begins as it always did.
  @Test(arguments: [1, 2, 5, 8]) func `draws are frozen`(_ count: Int) {
    let random = Philox(seed: 3, stream: .initialization)
    let normals = Tensor(uninitialized: [count])
    Initializer.normal(deviation: 0.5).fill(normals, seed: 3, number: 7)
    let uniforms = Tensor(uninitialized: [count])
    Initializer.uniform(fan: 4).fill(uniforms, seed: 3, number: 7)
    for i in 0..<count {
      let first = random.uniform(position: 7, index: 2 * i)
      let second = random.uniform(position: 7, index: 2 * i + 1)
      let radius = (-2 * log(1 - Double(first))).squareRoot()
      #expect(normals.values[i] == Float(0.5 * radius * cos(2 * Double.pi * Double(second))))
      #expect(uniforms.values[i] == 0.5 * (2 * first - 1))
    }
  }
}
