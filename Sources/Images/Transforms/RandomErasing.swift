import Glibc
package import Tensors

/// Overwrites a box of random area, proportions and place, with a probability; torchvision's
/// `RandomErasing`. It comes behind `normalize`, so that 0 is the mean colour.
package struct RandomErasing: FloatTransform {
  package static let word = "random-erasing"

  /// What a box is overwritten with.
  package enum Fill: String, CaseIterable, Sendable {
    /// The mean colour: 0 behind `normalize`.
    case mean
    /// A number from the normal distribution for each value.
    case noise
  }

  package var probability = 0.5
  /// Of the image's area.
  package var scale: [Double] = [0.02, 0.33]
  /// Height over width; its logarithm is uniform.
  package var ratio: [Double] = [0.3, 3.3]
  package var value = Fill.mean
  package var isRandom: Bool { true }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.probability(&probability)
    keys.numbers("scale", &scale, count: 2, in: 0...1)
    keys.numbers("ratio", &ratio, count: 2, in: 0.01...100)
    keys.choice("value", &value)
  }

  package var mismatch: Mismatch? {
    mismatchOfRange("scale", scale) ?? mismatchOfRange("ratio", ratio)
  }

  /// Uses draw 0 (whether); 1 + 2k and 2 + 2k for the area and the proportions of try k of ten; 21 and 22
  /// for row and column; from 2⁸ on for noise, two for each value of the box.
  package func apply(
    to floats: UnsafeMutablePointer<Float>, _ shape: Shape, _ draws: Draws
  ) {
    guard draws.happens(0, probability: probability), let box = box(in: shape, draws) else {
      return
    }
    draws.note("box", .numbers([box.top, box.left, box.height, box.width].map(Double.init)))
    let (width, channels) = (shape[1], shape[2])
    let length = box.width * channels
    for row in 0..<box.height {
      let target = floats + ((box.top + row) * width + box.left) * channels
      switch value {
      case .mean: target.update(repeating: 0, count: length)
      case .noise:
        for place in 0..<length {
          target[place] = Float(draws.normal(256 + 2 * (row * length + place)))
        }
      }
    }
  }

  /// Nil where ten tries give no box that is smaller than the image both ways.
  private func box(
    in shape: Shape, _ draws: Draws
  ) -> (top: Int, left: Int, height: Int, width: Int)? {
    let (height, width) = (shape[0], shape[1])
    for attempt in 0..<10 {
      let area = Double(height * width) * draws.uniform(1 + 2 * attempt, in: range(scale))
      let proportion = exp(draws.uniform(2 + 2 * attempt, in: log(ratio[0])...log(ratio[1])))
      let rows = Int((area * proportion).squareRoot().rounded(.toNearestOrEven))
      let columns = Int((area / proportion).squareRoot().rounded(.toNearestOrEven))
      if rows < height, columns < width {
        return (
          draws.integer(21, below: height - rows + 1),
          draws.integer(22, below: width - columns + 1),
          rows, columns
        )
      }
    }
    return nil
  }
}
