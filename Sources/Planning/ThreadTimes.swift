/// What a computation takes on one thread and on all cores of the machine that it was measured on.
package struct ThreadTimes: Codable, Equatable, Sendable {
  /// Seconds on one thread, with nothing beside it.
  package let alone: Double
  /// Seconds on `cores` threads.
  package let together: Double
  package let cores: Int

  package init(alone: Double, together: Double, cores: Int) {
    self.alone = alone
    self.together = together
    self.cores = cores
  }

  /// The share that threads don't divide: of t threads, T(t) = T(1)·(s + (1 − s)/t), which gives both times that were
  /// measured (Amdahl 1967).
  package var serialShare: Double {
    if cores == 1 { return 0 }
    let share = (Double(cores) * together / alone - 1) / Double(cores - 1)
    return min(max(share, 0), 1)
  }

  /// Seconds on so many threads; between and beyond the measured ones by the serial share.
  package func seconds(threads: Int) -> Double {
    alone * (serialShare + (1 - serialShare) / Double(threads))
  }
}
