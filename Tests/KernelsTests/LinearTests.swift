import Kernels
import Support
import Tensors
import Testing

/// Linear layers over rows against sums written out in Double, with more rows than one block has.
@Suite struct LinearTests {
  static let cases: [(rows: Int, inputs: Int, outputs: Int)] = [
    (1, 3, 5), (7, 13, 9), (1100, 24, 17), (40, 400, 8),
  ]

  struct Result: Equatable {
    var sum: [Float]
    var activated: [Float]
    var inputGradient: [Float]
    var weightGradient: [Float]
    var biasGradient: [Float]
  }

  func run(_ test: (rows: Int, inputs: Int, outputs: Int), threads: Int) -> Result {
    let pool = ThreadPool(threads: threads)
    let x = randomTensor([test.rows, test.inputs], seed: 1)
    let weight = randomTensor([test.inputs, test.outputs], seed: 2)
    let gradient = randomTensor([test.rows, test.outputs], seed: 3)
    let sum = Tensor(uninitialized: gradient.shape)
    let activated = Tensor(uninitialized: gradient.shape)
    linear(
      x, weight: weight, bias: randomTensor([test.outputs], seed: 4),
      shortcut: randomTensor(gradient.shape, seed: 5), into: sum, activation: .gelu,
      activated: activated, pool: pool)
    let inputGradient = Tensor(uninitialized: x.shape)
    let weightGradient = Tensor(uninitialized: weight.shape)
    let biasGradient = Tensor(uninitialized: [test.outputs])
    for accumulating in [false, true] {
      linearInputGradient(
        gradient, weight: weight, into: inputGradient, accumulating: accumulating, pool: pool)
      linearWeightGradient(
        x, yGradient: gradient, into: weightGradient, accumulating: accumulating, pool: pool)
      sumRows(gradient, into: biasGradient, accumulating: accumulating, pool: pool)
    }
    return Result(
      sum: sum.values, activated: activated.values, inputGradient: inputGradient.values,
      weightGradient: weightGradient.values, biasGradient: biasGradient.values)
  }

  @Test(arguments: cases)
  func `agrees with Double`(_ test: (rows: Int, inputs: Int, outputs: Int)) {
    let x = randomTensor([test.rows, test.inputs], seed: 1).values.map(Double.init)
    let w = randomTensor([test.inputs, test.outputs], seed: 2).values.map(Double.init)
    let dy = randomTensor([test.rows, test.outputs], seed: 3).values.map(Double.init)
    let bias = randomTensor([test.outputs], seed: 4).values.map(Double.init)
    var y = randomTensor([test.rows, test.outputs], seed: 5).values.map(Double.init)
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    var db = [Double](repeating: 0, count: test.outputs)
    for row in 0..<test.rows {
      for o in 0..<test.outputs {
        let place = row * test.outputs + o
        y[place] += bias[o]
        db[o] += 2 * dy[place]
        for i in 0..<test.inputs {
          y[place] += x[row * test.inputs + i] * w[i * test.outputs + o]
          // Everything twice: the second time added.
          dx[row * test.inputs + i] += 2 * dy[place] * w[i * test.outputs + o]
          dw[i * test.outputs + o] += 2 * dy[place] * x[row * test.inputs + i]
        }
      }
    }
    let found = run(test, threads: 2)
    for (ours, theirs) in [
      (found.sum, y), (found.activated, y.map { reference(.gelu, $0) }),
      (found.inputGradient, dx), (found.weightGradient, dw), (found.biasGradient, db),
    ] {
      let distance = largestDifference(
        Tensor(ours, shape: [ours.count]), Tensor(theirs.map(Float.init), shape: [theirs.count]))
      #expect(distance < 2e-6)
    }
  }

  @Test(arguments: cases)
  func `any number of threads gives the same bits`(_ test: (rows: Int, inputs: Int, outputs: Int)) {
    let one = run(test, threads: 1)
    #expect(run(test, threads: 2) == one)
    #expect(run(test, threads: 3) == one)
  }
}
