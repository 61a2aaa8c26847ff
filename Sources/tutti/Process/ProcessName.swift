import Glibc

/// Names the process for `ps`, `top` and `pgrep`, where it would be `exe`, since it starts itself anew
/// through /proc/self/exe. Threads that are started later have the same name.
///
/// - Parameter rank: nil until it is known. Of a longer name the system keeps 15 bytes.
func nameProcess(rank: Int? = nil) {
  guard let file = fopen("/proc/self/comm", "w") else { return }
  fputs(rank.map { "tutti rank \($0)" } ?? "tutti", file)
  fclose(file)
}
