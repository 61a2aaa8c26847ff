import CProcessor
import Glibc
import Kernels

/// Starts the process anew with the environment that fixes the BLAS library's kernels, unless it has
/// it: the library reads it while it is loaded, before `main`. Denormals are flushed from here on.
func fixEnvironment() {
  let isFixed = BLAS.environment.allSatisfy { name, value in
    getenv(name).map { String(cString: $0) } == value
  }
  if !isFixed {
    for (name, value) in BLAS.environment { setenv(name, value, 1) }
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    // Only where /proc is missing does this go on, with kernels chosen for this CPU.
  }
  raiseFileLimit()
  nameProcess()
  tutti_flush_denormals_to_zero()
}

/// Lets the process open as many files as it may: a pack may have more than the usual 1024.
private func raiseFileLimit() {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
