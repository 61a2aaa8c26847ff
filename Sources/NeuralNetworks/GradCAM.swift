package import Differentiation
import Kernels
package import Tensors

/// A forward pass over images that can say where the net looks for a class: Selvaraju et al.,
/// "Grad-CAM: visual explanations from deep networks via gradient-based localization", 2017.
///
/// The map is the last that has places: what the head pools; of a vision transformer, the patches
/// that the last block's attention looks at. Only what follows it is differentiated.
package struct GradCAM {
  /// `[N,classes]`, bit for bit those of a pass that isn't asked where it looks.
  package let logits: Tensor
  private let output: Variable
  private let tape: Tape

  /// - Parameter images: `[N,H,W,C]`
  package init(
    _ network: any Network, images: Tensor, parameters: Parameters, pool: ThreadPool
  ) {
    tape = Tape(parameters, mode: .evaluation, pool: pool, watchesMap: true)
    output = network(Variable(images, needsGradient: false), on: tape)
    logits = output.value
  }

  /// relu(Σ_c w_c·map_c) `[N,H,W]` of each image's class, w_c being the mean over all places of the
  /// gradient of the class's logit. Can be asked once.
  ///
  /// - Throws: `GradCAMError` for a net that marks no map.
  package consuming func maps(of classes: [Int]) throws(GradCAMError) -> Tensor {
    // To finish the map puts a product on the tape that nobody takes off.
    defer { tape.forget() }
    let chosen = Tensor(zeros: logits.shape)
    for (image, index) in classes.enumerated() {
      chosen.pointer[image * logits.shape[1] + index] = 1
    }
    output.receiveGradient(sharing: chosen, pool: tape.pool)
    tape.backward()
    guard let map = tape.watched, let gradient = map.gradient else { throw GradCAMError() }
    let grid = Grid(of: map.shape)
    let (values, slopes) = (finished(map, on: tape).value.values, gradient.values)
    var heat: [Float] = []
    for image in 0..<map.shape[0] {
      var weights = [Double](repeating: 0, count: grid.channels)
      for place in grid.places(ofImage: image) {
        for c in 0..<grid.channels { weights[c] += Double(slopes[place + c]) }
      }
      for place in grid.places(ofImage: image) {
        var sum = 0.0
        for c in 0..<grid.channels { sum += weights[c] * Double(values[place + c]) }
        heat.append(sum > 0 ? Float(sum / Double(grid.height * grid.width)) : 0)
      }
    }
    return Tensor(heat, shape: [map.shape[0], grid.height, grid.width])
  }

  /// Where a map's numbers lie.
  private struct Grid {
    let height: Int
    let width: Int
    let channels: Int
    /// Numbers of an image, and those of them before the first place.
    private let length: Int
    private let first: Int

    init(of map: Shape) {
      let isTokens = map.rank == 3
      channels = map[map.rank - 1]
      height = isTokens ? Int(Double(map[1] - 1).squareRoot()) : map[1]
      width = isTokens ? height : map[2]
      first = isTokens ? channels : 0
      length = map.count / map[0]
    }

    /// Row by row, where the place's channels begin.
    func places(ofImage image: Int) -> StrideTo<Int> {
      let start = image * length + first
      return stride(from: start, to: start + height * width * channels, by: channels)
    }
  }
}

/// A net without places to look at.
package struct GradCAMError: Error, CustomStringConvertible {
  package var description: String {
    "heat maps need a net with a map of places, and this one marks none; its backbone must hand it "
      + "through Tape.watching (Sources/Differentiation/Tape.swift)"
  }
}
