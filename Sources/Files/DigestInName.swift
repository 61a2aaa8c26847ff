/// The digits that torchvision and timm put in a file's name, `resnet18-f37072fd.pth`: the first
/// eight of the contents' SHA-256. Nothing when the name has none.
///
/// A date can look the same, `mine-20240131.pth`, so whoever finds a difference says that the file
/// may be renamed.
package func digestDigits(inName path: String) -> String? {
  let name = Paths.name(of: path)
  guard [".pth", ".pt", ".safetensors"].contains(where: name.endsExactly) else { return nil }
  let stem = name.utf8.prefix { $0 != UInt8(ascii: ".") }
  let digits = stem.suffix(8)
  guard digits.count == 8, stem.dropLast(8).last == UInt8(ascii: "-"),
    digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
  else { return nil }
  return String(decoding: digits, as: UTF8.self)
}
