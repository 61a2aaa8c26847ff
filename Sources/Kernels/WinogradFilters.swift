import Tensors

/// `G w Gᵀ` of filters `[3,3,C,K]`: each plane is a matrix [C, K] packed in panels of 16 columns.
func winogradTransform(
  filters: UnsafePointer<Float>, channels: Int, count: Int, into planes: WinogradPlanes,
  pool: ThreadPool
) {
  let width = MicroBlock.columns
  let panels = (count + width - 1) / width
  pool.run(panels) { panel in
    for c in 0..<channels {
      sweep(
        (panel * width)..<min((panel + 1) * width, count),
        FilterStep(
          source: filters + c * count, place: channels * count,
          destination: planes.pointer + ((panel * channels + c) * width - panel * width),
          plane: planes.stride))
    }
  }
}

private struct FilterStep: LaneStep {
  let source: UnsafePointer<Float>
  /// Floats from one of the nine weights to the next.
  let place: Int
  let destination: UnsafeMutablePointer<Float>
  let plane: Int

  @inline(__always) func callAsFunction<L: Lanes>(_ k: Int, _: L.Type) {
    @inline(__always) func column(_ s: Int) -> Six<L> {
      let w = source + (s * place + k)
      return winogradFilter((L.load(w), L.load(w + 3 * place), L.load(w + 6 * place)))
    }
    let (a, b, c) = (column(0), column(1), column(2))
    @inline(__always) func write(_ i: Int, _ row: Three<L>) {
      let u = winogradFilter(row)
      let destination = destination + (i * Winograd.window * plane + k)
      u.0.store(destination)
      u.1.store(destination + plane)
      u.2.store(destination + 2 * plane)
      u.3.store(destination + 3 * plane)
      u.4.store(destination + 4 * plane)
      u.5.store(destination + 5 * plane)
    }
    write(0, (a.0, b.0, c.0))
    write(1, (a.1, b.1, c.1))
    write(2, (a.2, b.2, c.2))
    write(3, (a.3, b.3, c.3))
    write(4, (a.4, b.4, c.4))
    write(5, (a.5, b.5, c.5))
  }
}

/// Filters `[3,3,C,K]` turned by 180° with inputs and outputs exchanged, `[3,3,K,C]`: what the input
/// gradient convolves the output gradient with.
func turnFilters(
  _ filters: UnsafePointer<Float>, channels: Int, count: Int,
  into turned: UnsafeMutablePointer<Float>, pool: ThreadPool
) {
  let edge = 16
  pool.run(9) { place in
    let source = filters + place * channels * count
    let destination = turned + (8 - place) * channels * count
    for c0 in stride(from: 0, to: channels, by: edge) {
      for k0 in stride(from: 0, to: count, by: edge) {
        for k in k0..<min(k0 + edge, count) {
          for c in c0..<min(c0 + edge, channels) {
            destination[k * channels + c] = source[c * count + k]
          }
        }
      }
    }
  }
}
