import Differentiation
import Glibc
import Kernels
import Support
import Tensors

/// Compares backward with forward along random directions: the change of ⟨u, f⟩ when everything
/// moves by ±ε·d, over 2ε, is ⟨∇, d⟩.
///
/// - Parameters:
///   - entries: the parameters, all of which take part.
///   - input: the shape of f's input, which takes part as well.
///   - frozen: names of entries that stay where they are.
/// - Returns: the relative error, for one direction over the parameters and input together.
func gradientCheckError(
  entries: [FlatEntry], input: Shape, epsilon: Float = 1e-2, seed: Int,
  frozen: Set<String> = [], randomness: Randomness? = nil,
  _ function: (Variable, Tape) -> Variable
) -> Double {
  let layout = FlatLayout(entries)
  let pool = ThreadPool(threads: 2)
  let start = FlatStore.weights(layout)
  let direction = FlatStore.weights(layout)
  for (number, entry) in layout.entries.enumerated() {
    let values = randomTensor(entry.shape, seed: seed + 10 * number + 1)
    let steps = randomTensor(entry.shape, seed: seed + 10 * number + 2)
    // Around one for vectors and statistics, so that scales stay away from zero.
    let centre: Float = entry.kind == .weight ? 0 : 1
    let moves = entry.kind != .statistic && !frozen.contains(entry.name)
    for i in 0..<entry.shape.count {
      start.pointer[entry.offset + i] = centre + 0.5 * values.pointer[i]
      if moves { direction.pointer[entry.offset + i] = steps.pointer[i] }
    }
  }
  let x = randomTensor(input, seed: seed + 3)
  let dx = randomTensor(input, seed: seed + 4)

  func run(_ amount: Float, gradient: FlatStore?) -> (output: Variable, tape: Tape, x: Variable) {
    let weights = FlatStore.weights(layout)
    for i in 0..<layout.weightCount {
      weights.pointer[i] = start.pointer[i] + amount * direction.pointer[i]
    }
    let moved = Tensor(zip(x.values, dx.values).map { $0 + amount * $1 }, shape: input)
    let tape = Tape(
      Parameters(weights: weights, gradient: gradient, frozen: frozen), mode: .training, pool: pool,
      randomness: randomness)
    let variable = Variable(moved, needsGradient: true)
    return (function(variable, tape), tape, variable)
  }

  let gradient = FlatStore.gradient(layout)
  let (output, tape, variable) = run(0, gradient: gradient)
  let cotangent = randomTensor(output.shape, seed: seed + 5)
  output.receiveGradient(sharing: cotangent, pool: pool)
  tape.backward()
  var predicted = dot(variable.takeGradient()!.values, dx.values)
  for i in layout.parameters {
    predicted += Double(gradient.pointer[i]) * Double(direction.pointer[i])
  }
  let scratch = FlatStore.gradient(layout)
  let above = dot(finished(run(epsilon, gradient: scratch).output), cotangent.values)
  let below = dot(finished(run(-epsilon, gradient: scratch).output), cotangent.values)
  let measured = (above - below) / (2 * Double(epsilon))
  return abs(measured - predicted) / max(abs(measured), 1)
}

/// The values with the pending transform applied.
func finished(_ x: Variable) -> [Float] {
  guard let transform = x.transform else { return x.value.values }
  let channels = transform.scale.count
  return x.value.values.enumerated().map { index, value in
    let c = index % channels
    let y = value * transform.scale.values[c] + transform.shift.values[c]
    switch transform.activation {
    case .identity: return y
    case .relu: return max(y, 0)
    case .relu6: return min(max(y, 0), 6)
    case .silu: return y / (1 + exp(-y))
    case .hardSwish: return y * min(max(y + 3, 0), 6) / 6
    case .gelu: return y * 0.5 * erfc(-y / Float(2).squareRoot())
    }
  }
}

func dot(_ a: [Float], _ b: [Float]) -> Double {
  zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
