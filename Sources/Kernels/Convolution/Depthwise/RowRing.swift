import Tensors

/// The rows of one image that a window is looking at, some channels wide: transformed, with zeros
/// where the padding is, so that the loops over them have no border. A row takes the place of the
/// one that the window has left.
///
/// The channels lie in blocks of a vector, `[blocks, slots, width, lanes]`: the pixels that a
/// window needs of a block follow one another, at distances that the compiler knows.
struct RowRing {
  /// Channels of a block, and floats from one pixel to the next; the last block may be partly used.
  static let lanes = Vector.width
  /// Results that are computed side by side, enough to hide the latency of an addition; the widths of nets for 224
  /// pixels (112, 56, 28, 14, 7) are multiples. The ring is wide enough to be read past the end.
  static let results = 7

  let memory: UnsafeMutablePointer<Float>
  let slots: Int
  /// Pixels of a row, of which `before` are padding on the left.
  let width: Int
  let before: Int
  let channels: Range<Int>
  /// The first row that has not been loaded yet.
  private var next: Int

  /// Floats from one row to the next, and from one block to the next.
  var row: Int { width * Self.lanes }
  var block: Int { slots * row }

  /// Floats of a ring.
  static func size(slots: Int, width: Int, channels: Int) -> Int {
    slots * width * channels.roundedUp(to: lanes)
  }

  /// - Parameters:
  ///   - memory: `size` floats with any contents.
  ///   - first: the first row that will be asked for.
  init(
    _ memory: UnsafeMutablePointer<Float>, slots: Int, width: Int, before: Int,
    channels: Range<Int>, first: Int
  ) {
    self.memory = memory
    self.slots = slots
    self.width = width
    self.before = before
    self.channels = channels
    next = first
    let size = Self.size(slots: slots, width: width, channels: channels.count)
    memory.update(repeating: 0, count: size)
  }

  /// A ring for the rows that a row of windows sees.
  ///
  /// - Parameter memory: `windowRingSize` floats with any contents.
  init(
    _ memory: UnsafeMutablePointer<Float>, ofWindowsIn g: ConvolutionGeometry,
    channels: Range<Int>
  ) {
    self.init(
      memory, slots: g.window, width: g.windowRingWidth, before: g.padding, channels: channels,
      first: -g.padding)
  }

  /// Where row `y` lies once it has been loaded; `y` may be negative, down to −slots.
  func slot(of y: Int) -> Int { (y + slots) % slots }

  /// Loads the rows up to `last` from an image of `rows` rows, `columns` pixels wide and
  /// `imageChannels` channels deep.
  mutating func load(
    through last: Int, of image: StoredNumbers, rows: Int, columns: Int, imageChannels: Int,
    transform: UnownedTransform?
  ) {
    let transform = transform?.from(channel: channels.lowerBound)
    while next <= last {
      let target = memory + slot(of: next) * row
      if next < 0 || next >= rows {
        for offset in stride(from: 0, to: channels.count.roundedUp(to: Self.lanes), by: Self.lanes)
        {
          (target + offset * slots * width).update(repeating: 0, count: row)
        }
      } else {
        loadPixels(
          columns, from: image + (next * columns * imageChannels + channels.lowerBound),
          pixel: imageChannels, into: target + before * Self.lanes, place: Self.lanes,
          block: block, channels: channels.count, transform: transform)
      }
      next += 1
    }
  }

  /// Loads what the windows of output row `y` see, and gives their first row.
  mutating func load(
    windowsOf y: Int, image: Int, of images: StoredNumbers, _ g: ConvolutionGeometry,
    transform: UnownedTransform?
  ) -> Int {
    let first = y * g.stride - g.padding
    load(
      through: first + g.window - 1, of: images + image * g.height * g.width * g.channels,
      rows: g.height, columns: g.width, imageChannels: g.channels, transform: transform)
    return first
  }
}

extension ConvolutionGeometry {
  /// Pixels that a row of windows sees, counted to the end of a step of results.
  var windowRowWidth: Int {
    (outputWidth.roundedUp(to: RowRing.results) - 1) * stride + window
  }

  fileprivate var windowRingWidth: Int { max(windowRowWidth, padding + width) }

  func windowRingSize(channels: Int) -> Int {
    RowRing.size(slots: window, width: windowRingWidth, channels: channels)
  }
}
