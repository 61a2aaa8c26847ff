import Glibc

/// Where this user's caches are: files that may be removed at any time, and that no result depends on.
package enum UserCache {
  /// `$XDG_CACHE_HOME/tutti` or `~/.cache/tutti`; nil where there is neither variable.
  package static var folder: String? {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    return (variable("XDG_CACHE_HOME") ?? variable("HOME").map { "\($0)/.cache" })
      .map { "\($0)/tutti" }
  }
}
