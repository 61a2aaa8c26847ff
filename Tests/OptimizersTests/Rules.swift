import Optimizers
import Testing

/// An optimizer in the table of all: what holds for every one of them is tested on each row.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// The rule, its other numbers not the defaults, which a test could pass by ignoring its own.
  let rule: @Sendable (_ weightDecay: Double, _ decaysVectors: Bool) -> any Optimizer

  var testDescription: String { name }

  /// Those that may be applied to any part of a parameter.
  static let elementwise = all.filter { !($0.rule(0, false) is any LayerwiseOptimizer) }

  static let all = [
    OptimizerCase(name: "AdamW") {
      AdamW(betas: (0.8, 0.95), epsilon: 1e-4, weightDecay: $0, decaysVectors: $1)
    },
    OptimizerCase(name: "SGD, Nesterov's") {
      SGD(momentum: 0.7, isNesterov: true, weightDecay: $0, decaysVectors: $1)
    },
    OptimizerCase(name: "Lion") {
      Lion(betas: (0.8, 0.95), weightDecay: $0, decaysVectors: $1)
    },
    OptimizerCase(name: "LAMB") {
      LAMB(betas: (0.8, 0.95), epsilon: 1e-4, weightDecay: $0, decaysVectors: $1)
    },
    OptimizerCase(name: "SGD") {
      SGD(momentum: 0.7, isNesterov: false, weightDecay: $0, decaysVectors: $1)
    },
  ]
}

/// A schedule in the table of all, as above; a schedule has a row for each of its extremes too.
struct ScheduleCase: Sendable, CustomTestStringConvertible {
  let name: String
  let schedule: any Schedule

  var testDescription: String { name }

  static let all = [
    ScheduleCase(name: "constant", schedule: ConstantSchedule()),
    ScheduleCase(
      name: "OneCycle",
      schedule: OneCycle(warmup: .share(0.3), divisor: 10, finalDivisor: 100)),
    ScheduleCase(name: "OneCycle without warm-up", schedule: OneCycle(warmup: .share(0))),
    ScheduleCase(name: "OneCycle of warm-up alone", schedule: OneCycle(warmup: .share(1))),
    ScheduleCase(name: "cosine", schedule: CosineSchedule(warmup: .share(0.3))),
    ScheduleCase(name: "cosine without warm-up", schedule: CosineSchedule(warmup: .share(0))),
    ScheduleCase(name: "cosine of warm-up alone", schedule: CosineSchedule(warmup: .share(1))),
    ScheduleCase(
      name: "constant with a warm-up beyond the end", schedule: ConstantSchedule(warmup: .epochs(2))
    ),
    ScheduleCase(
      name: "restarts of no length", schedule: CosineRestarts(period: .share(0), growth: 2)),
    ScheduleCase(
      name: "restarts", schedule: CosineRestarts(warmup: .steps(3), period: .share(0.2))),
    ScheduleCase(
      name: "steps at times", schedule: StepSchedule(times: .at([.share(0.5), .steps(7)]))),
    ScheduleCase(
      name: "a step every step", schedule: StepSchedule(warmup: .steps(0), times: .every(.share(0)))
    ),
  ]
}

extension Schedule {
  /// In a training of one epoch with so many steps.
  func factor(step: Int, of total: Int) -> Double {
    factor(step: step, of: TrainingLength(steps: total, stepsPerEpoch: total))
  }

  func momentum(step: Int, of total: Int) -> Double? {
    momentum(step: step, of: TrainingLength(steps: total, stepsPerEpoch: total))
  }
}
