import Files
import Glibc

/// Why heat maps can't be made.
package enum HeatMapError: UnusableInput, Equatable, CustomStringConvertible {
  case notEmpty(String)
  /// The system's `errno`.
  case notWritable(String, Int32)
  /// Two models that see different parts of a photo.
  case crops(String, String)

  package var description: String {
    switch self {
    case .notEmpty(let path):
      "\(path) has files in it already; name another folder with --heat-map, or empty this one"
    case .notWritable(let path, let code):
      "\(path) can't be written to: \(String(cString: strerror(code))); heat maps need a folder that "
        + "all hosts share and may write to"
    case .crops(let one, let other):
      "\(one) and \(other) look at other parts of a photo (crop), so their heat maps can't be laid over "
        + "each other; ask one model at a time"
    }
  }
}
