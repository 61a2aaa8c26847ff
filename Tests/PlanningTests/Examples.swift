@testable import Planning

/// Round numbers: a second for a photo's pass, a gigabyte of gradients, a gigabyte a second.
enum Examples {
  static let costs = TrainingCosts(
    photos: 10, pass: ThreadTimes(alone: 10, together: 5, cores: 2), slowdownPerBusyCore: 0.2,
    update: ThreadTimes(alone: 2, together: 1, cores: 2),
    forward: ThreadTimes(alone: 0.2, together: 0.1, cores: 2), decode: 0.1, evaluatedDecode: 0.05,
    copiedAlone: 1e9, copiedTogether: 1e9, blocks: 4, recomputed: 0, start: 3)

  /// Two steps of 20 photos in two micro-batches, in each of four epochs.
  static let work = TrainingWork(
    steps: [.init(count: 2, photos: 20, microBatches: 2)], fullStepMicroBatches: 2,
    areas: [1, 1, 1, 1], validationPhotos: 10, atom: 5, gradient: 250_000_000,
    weights: 250_000_000, checkpointBytes: 200_000_000)

  static func cluster(hosts: Int = 1, cores: Int, memory: Int? = nil) -> Cluster {
    Cluster(hosts: hosts, cores: cores, memoryBytes: memory, networkBytesPerSecond: 1e9)
  }

  static func arrangement(
    hosts: Int = 1, ranks: Int, threads: Int = 1, microBatch: Int = 10, teams: Int = 1
  ) -> Arrangement {
    Arrangement(
      hosts: hosts, ranksPerHost: ranks, threads: threads, microBatch: microBatch, teams: teams)
  }

  static func predicted(
    _ arrangement: Arrangement, on cluster: Cluster, folds: Int? = nil,
    _ work: TrainingWork = work, memory: Prediction.Memory = memory(1), within limit: Double? = nil,
    disk: Int = 0
  ) -> Prediction {
    Prediction(
      arrangement, on: cluster, folds: folds, costs, work, memory, within: limit, diskBytes: disk,
      freeDiskBytes: 100)
  }

  static func memory(_ bytes: Int, recomputed: Int = 0, limit: Int? = nil) -> Prediction.Memory {
    Prediction.Memory(rankBytes: bytes, recomputed: recomputed, limit: limit)
  }
}
