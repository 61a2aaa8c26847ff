import Optimizers
import Tensors
import Testing

/// Weights and moments with random numbers in them, that an optimizer is tried on.
struct Trial {
  /// Entries of all kinds, with gaps behind each, longer and shorter than a vector of the CPU.
  static let layout = FlatLayout([
    FlatEntry(name: "filters", shape: [3, 3, 2, 19], kind: .weight),
    FlatEntry(name: "scale", shape: [19], kind: .vector),
    FlatEntry(name: "shift", shape: [19], kind: .vector),
    FlatEntry(name: "matrix", shape: [19, 7], kind: .weight),
    FlatEntry(name: "bias", shape: [7], kind: .vector),
    FlatEntry(name: "mean", shape: [19], kind: .statistic),
  ])
  static let all = 0..<layout.weightCount

  let rule: any Optimizer
  let weights: FlatStore
  let gradient: FlatStore
  /// Those of each piece of the store, in order.
  let moments: [ShardedMoments]

  /// - Parameters:
  ///   - cuts: where the store is cut into pieces, each with moments of its own.
  ///   - fresh: whether moments are zeros, as at a training's start. They are positive otherwise,
  ///     since some are means of squares.
  init(_ rule: any Optimizer, cuts: [Int] = [], fresh: Bool = false) {
    let layout = Self.layout
    self.rule = rule
    weights = FlatStore.weights(layout)
    gradient = FlatStore.gradient(layout)
    let borders = [0] + cuts + [layout.weightCount]
    moments = zip(borders, borders.dropFirst()).map {
      ShardedMoments(names: rule.momentNames, range: $0..<$1)
    }
    for entry in layout.entries {
      for element in entry.range {
        weights.pointer[element] = Self.random(0, element) - 0.5
        for moments in moments where !fresh && moments.range.contains(element) {
          for (index, moment) in moments.values.enumerated() {
            moment.pointer[element - moments.range.lowerBound] = Self.random(1 + index, element)
          }
        }
      }
    }
  }

  /// One update of all pieces by a random gradient, the same for the same number `gradient`, by
  /// default the step.
  func update(
    step: Int, gradient number: Int? = nil, groups: ParameterGroups = ParameterGroups(),
    learningRate: Double = 0.01,
    times factor: Float = 1, gradientScale: Float = 1
  ) {
    for entry in Self.layout.entries {
      for element in entry.range {
        gradient.pointer[element] = factor * (Self.random(100 + (number ?? step), element) - 0.5)
      }
    }
    for moments in moments {
      let start = moments.range.lowerBound
      rule.apply(
        moments.range, of: Self.layout, groups: groups, weights: weights.pointer + start,
        gradient: gradient.pointer + start, moments: moments, step: step,
        learningRate: learningRate, gradientScale: gradientScale)
    }
  }

  /// The bits of the weights and of each moment, in some elements of the store.
  func bits(_ elements: Range<Int> = Trial.all) -> Bits {
    let moments = rule.momentNames.indices.map { index in
      let whole = self.moments.flatMap { $0.values[index].values }
      return elements.map { whole[$0].bitPattern }
    }
    return Bits(weights: elements.map { weights.pointer[$0].bitPattern }, moments: moments)
  }

  func bits(_ name: String) -> Bits {
    bits(Self.layout.entry(named: name)?.range ?? 0..<0)
  }

  private static func random(_ position: Int, _ element: Int) -> Float {
    Philox(seed: 5, stream: .initialization).uniform(position: position, index: element)
  }
}

/// What a trial came to, bit for bit.
struct Bits: Equatable, CustomTestStringConvertible {
  let weights: [UInt32]
  let moments: [[UInt32]]

  /// The first weights: a failed test would print them all.
  var testDescription: String {
    "\(weights.prefix(4).map { Float(bitPattern: $0) })… and \(moments.count) moments"
  }
}
