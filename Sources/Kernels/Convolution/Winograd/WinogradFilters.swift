import Tensors

/// The filters of a Winograd convolution from `channels` to `count` channels.
struct WinogradFilters {
  /// `[3,3,channels,count]`; when turned, `[3,3,count,channels]`.
  let pointer: UnsafePointer<Float>
  let channels: Int
  let count: Int
  /// Whether they are turned by 180° with inputs and outputs exchanged: so the input gradient
  /// convolves the output gradient with them.
  let turned: Bool
  /// What `transform` gives, if it is known already.
  var transformed: WinogradPlanes?

  /// Panels of `MicroBlock.columns` filters.
  var panels: Int { (count + MicroBlock.columns - 1) / MicroBlock.columns }

  /// Floats of one panel in one of the 36 planes.
  var panelSize: Int { channels * MicroBlock.columns }

  /// Floats of all panels in one of the 36 planes.
  var planeSize: Int { panels * panelSize }

  /// `G w Gᵀ` of all panels, as `transformed` takes them.
  func transformed(pool: ThreadPool) -> Tensor {
    let planes = Tensor(uninitialized: [WinogradPlanes.count(floats: planeSize)])
    transform(into: WinogradPlanes(planes.pointer, floats: planeSize), pool: pool)
    return planes
  }

  /// `G w Gᵀ` of all panels.
  func transform(into planes: WinogradPlanes, pool: ThreadPool) {
    pool.run(panels) { panel in
      transform(panel: panel, into: planes.dropping(floats: panel * panelSize))
    }
  }

  /// `G w Gᵀ` of one panel: a row for each channel, in each plane.
  func transform(panel: Int, into planes: WinogradPlanes) {
    let width = MicroBlock.columns
    let first = panel * width
    let columns = min(width, count - first)
    if turned {
      let size = panelSize
      BufferPool.shared.withScratch(9 * size) { scratch in
        for place in 0..<9 {
          let source = pointer + ((8 - place) * count + first) * channels
          let destination = scratch + place * size
          for c in 0..<channels {
            for k in 0..<columns { destination[c * width + k] = source[k * channels + c] }
          }
        }
        transform(scratch, row: width, place: size, columns: columns, into: planes)
      }
    } else {
      transform(
        pointer + first, row: count, place: channels * count, columns: columns, into: planes)
    }
  }

  private func transform(
    _ source: UnsafePointer<Float>, row: Int, place: Int, columns: Int, into planes: WinogradPlanes
  ) {
    for c in 0..<channels {
      sweep(
        0..<columns,
        FilterStep(
          source: source + c * row, place: place,
          destination: planes.pointer + c * MicroBlock.columns, plane: planes.stride))
    }
  }
}

extension WinogradFilters {
  /// - Parameter transformed: what `transformed(pool:)` gave of the same filters.
  init(_ filters: Tensor, geometry g: ConvolutionGeometry, transformed: Tensor?) {
    self.init(
      pointer: filters.pointer, channels: g.channels, count: g.filters, turned: false)
    self.transformed = transformed.map { WinogradPlanes($0.pointer, floats: planeSize) }
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
