/// Writes pixels of three channels side by side, each from where `source` says.
///
/// Four bytes are moved at once, of which the next pixel overwrites the last: so a byte behind every pixel but
/// the last one is read.
@inline(__always)
func writeColourPixels(
  _ count: Int, to target: UnsafeMutablePointer<UInt8>,
  from source: (_ index: Int) -> UnsafePointer<UInt8>
) {
  if count == 0 { return }
  let last = count &- 1
  for index in 0..<last {
    UnsafeMutableRawPointer(target + 3 &* index).storeBytes(
      of: UnsafeRawPointer(source(index)).loadUnaligned(as: UInt32.self), as: UInt32.self)
  }
  (target + 3 &* last).update(from: source(last), count: 3)
}
