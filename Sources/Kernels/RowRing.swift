import Tensors

/// The rows of one image that a window is looking at, some channels wide: transformed, with zeros
/// where the padding is, so that the loops over them have no border. A row takes the place of the
/// one that the window has left.
struct RowRing {
  /// `[slots, width, channels]`.
  let memory: UnsafeMutablePointer<Float>
  let slots: Int
  /// Pixels of a row, of which `before` are padding on the left.
  let width: Int
  let before: Int
  let channels: Range<Int>
  /// The first row that has not been loaded yet.
  private var next: Int

  /// Floats from one pixel to the next, and from one row to the next.
  var pixel: Int { channels.count }
  var row: Int { width * channels.count }

  /// - Parameters:
  ///   - memory: `slots · width · channels` floats with any contents.
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
    memory.update(repeating: 0, count: slots * width * channels.count)
  }

  /// Where row `y` lies once it has been loaded; `y` may be negative, down to −slots.
  func slot(of y: Int) -> Int { (y + slots) % slots }

  /// Loads the rows up to `last` from an image of `rows` rows, `columns` pixels wide and
  /// `imageChannels` channels deep.
  mutating func load(
    through last: Int, of image: UnsafePointer<Float>, rows: Int, columns: Int, imageChannels: Int,
    transform: UnownedTransform?
  ) {
    let transform = transform?.from(channel: channels.lowerBound)
    while next <= last {
      let target = memory + slot(of: next) * row
      if next < 0 || next >= rows {
        target.update(repeating: 0, count: row)
      } else {
        for x in 0..<columns {
          loadPixel(
            image + ((next * columns + x) * imageChannels + channels.lowerBound),
            into: target + (before + x) * pixel, channels: pixel, transform: transform)
        }
      }
      next += 1
    }
  }
}

extension UnownedTransform {
  /// The same for channels that are counted from `channel`.
  func from(channel: Int) -> UnownedTransform {
    UnownedTransform(scale: scale + channel, shift: shift + channel, activation: activation)
  }
}
