import Tensors

/// The 4 × 4 tiles of a batch's outputs, numbered row by row and image by image; the last of a row
/// or column may reach beyond the image.
struct WinogradTiles {
  let images: Int
  let height: Int
  let width: Int

  init(_ g: ConvolutionGeometry) {
    (images, height, width) = (g.images, g.height, g.width)
  }

  var rows: Int { (height + Winograd.tile - 1) / Winograd.tile }
  var columns: Int { (width + Winograd.tile - 1) / Winograd.tile }
  var count: Int { images * rows * columns }

  /// Neighbouring tiles of one row.
  struct Run {
    /// Number of the first tile, counted from the start of the range that was asked for.
    let start: Int
    let count: Int
    let image: Int
    /// The first tile's upper left output.
    let y: Int
    let x: Int
  }

  /// Calls `body` with each run of tiles in `range`.
  @inline(__always) func forEachRun(in range: Range<Int>, _ body: (Run) -> Void) {
    var tile = range.lowerBound
    while tile < range.upperBound {
      let column = tile % columns
      let count = min(columns - column, range.upperBound - tile)
      body(
        Run(
          start: tile - range.lowerBound, count: count, image: tile / (rows * columns),
          y: tile / columns % rows * Winograd.tile, x: column * Winograd.tile))
      tile += count
    }
  }
}

/// 36 matrices of equal extents, one for each place in a transformed tile.
struct WinogradPlanes {
  let pointer: UnsafeMutablePointer<Float>
  /// Floats from one matrix to the next: not a power of two, or all would meet in the same lines of
  /// the cache.
  let stride: Int

  static func stride(floats: Int) -> Int { floats.roundedUp(to: 16) + 16 }
  static func count(floats: Int) -> Int { Winograd.places * stride(floats: floats) }

  init(_ pointer: UnsafeMutablePointer<Float>, floats: Int) {
    self.pointer = pointer
    stride = Self.stride(floats: floats)
  }

  private init(pointer: UnsafeMutablePointer<Float>, stride: Int) {
    (self.pointer, self.stride) = (pointer, stride)
  }

  /// The same matrices without their first `floats`.
  func dropping(floats: Int) -> Self { Self(pointer: pointer + floats, stride: stride) }

  @inline(__always) subscript(place: Int) -> UnsafeMutablePointer<Float> {
    pointer + place * stride
  }
}
