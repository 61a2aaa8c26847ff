package import Tensors

/// The images that `Tests/Golden/philox.py` describes: blocks of 8×8 pixels with noise on them.
package func goldenImages(seed: UInt64, batch: Int, count: Int, side: Int) -> Tensor {
  let random = Philox(seed: seed, stream: .augmentation(place: 0), epoch: batch)
  let blocks = side / 8
  let coarse = 3 * blocks * blocks
  var values: [Float] = []
  for n in 0..<count {
    for y in 0..<side {
      for x in 0..<side {
        for c in 0..<3 {
          let block = random.uniform(position: n, index: (y / 8 * blocks + x / 8) * 3 + c)
          let noise = random.uniform(position: n, index: coarse + (y * side + x) * 3 + c)
          values.append((4 * block - 2) + (noise - 0.5))
        }
      }
    }
  }
  return Tensor(values, shape: [count, side, side, 3])
}
