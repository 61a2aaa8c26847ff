import FoundationEssentials

/// A file of a folder of `Tests/Golden`.
func golden(
  _ name: String, in folder: String = "safetensors_files", from file: String = #filePath
) -> String {
  let tests = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
  return "\(tests.path)/Golden/\(folder)/\(name)"
}
