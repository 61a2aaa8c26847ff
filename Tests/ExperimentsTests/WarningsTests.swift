import FoundationEssentials
import Recipes
import Support
import Testing

@testable import Experiments

@Suite struct WarningsTests {
  private static let photos = "\(Golden.folder)/photos"

  /// Of 9, 14 and 7 photos.
  private func warnings(_ settings: String...) throws -> [String] {
    let experiment = try Experiment(
      Recipe(
        overrides: [
          "data.path=\(Self.photos)", "model.name=cifar-resnet8", "model.image-size=32",
          "training.global-batch=10", "training.micro-batch=2",
        ] + settings))
    return experiment.warnings(on: Array(0..<30))
  }

  @Test func `classes that are corrected twice are told, with what comes of it`() throws {
    #expect(try warnings() == [])
    #expect(try warnings("data.sampling=inverse-frequency") == [])
    #expect(try warnings("loss.class-weights=balanced", "loss.logit-adjustment=0") == [])
    // Of 7 photos in 30: 1/7 against 1/9 + 1/14 + 1/7.
    #expect(
      try warnings("loss.class-weights=balanced", "data.sampling=inverse-frequency") == [
        "data.sampling and loss.class-weights each make up for classes of unequal size, and together for more "
          + "than that: stripes has 23.3 % of the photos and 43.9 % of the loss; leave one"
      ])
    #expect(
      try warnings("loss.class-weights=balanced", "loss.logit-adjustment=1")[0].hasPrefix(
        "loss.class-weights and loss.logit-adjustment each make up"))
  }

  /// Of 30 photos: three steps an epoch.
  @Test func `a warm-up over much of a training of few steps`() throws {
    #expect(
      try warnings("schedule.warmup=40st") == [
        "schedule.warmup: 40st takes 13.3 epochs of 3 steps, and there are 30; 10% is usual"
      ])
    #expect(try warnings("schedule.warmup=8ep").count == 1)
    #expect(try warnings("schedule.warmup=7ep") == [])
    // Of all epochs there is one.
    #expect(try warnings("schedule.warmup=80%", "training.epochs=1") == [])
  }

  @Test func `statistics that are kept though there are none`() throws {
    let told = try warnings("fine-tuning.batch-norm=frozen")
    #expect(told.count == 1 && told[0].hasPrefix("fine-tuning.batch-norm: frozen keeps"))
  }

  /// 89 times .99 after the first of 90 steps.
  @Test func `an average that is mostly the start`() throws {
    #expect(try warnings("average.name=ema") == [])
    #expect(try warnings("average.name=ema", "average.warmup=false", "average.decay=0.9") == [])
    #expect(
      try warnings("average.name=ema", "average.warmup=false", "average.decay=0.99") == [
        "average.decay: 0.99 leaves 40.9 % of the first weights in the average of 90 steps; set average.warmup: "
          + "true, or lower it"
      ])
  }

  @Test func `rules that lower the learning rate or end, and a schedule that does so by itself`()
    throws
  {
    let text =
      " and schedule.name: one-cycle contradict each other: that lowers the learning rate in its own time, and "
      + "is best at its end; take constant-with-warmup, or leave the rule"
    #expect(try warnings("early-stopping.patience=3") == ["early-stopping\(text) out"])
    #expect(
      try warnings("early-stopping.patience=3", "plateau.patience=2") == [
        "plateau and early-stopping\(text)s out"
      ])
    #expect(
      try warnings(
        "early-stopping.patience=3", "plateau.patience=2", "schedule.name=constant-with-warmup")
        == [])
  }

  @Test func `a focal loss whose factor meets clipping, and a batch of half the photos`() throws {
    #expect(
      try warnings("loss.name=focal", "loss.alpha=0.25") == [
        "loss.alpha: 0.25 scales the gradient, which optimizer.clip-norm: 1.0 then clips more rarely than without; "
          + "1 leaves it as it is"
      ])
    #expect(try warnings("loss.name=focal", "loss.alpha=0.25", "optimizer.clip-norm=none") == [])
    #expect(
      try warnings(
        "loss.name=focal", "loss.alpha=2", "optimizer.clip-norm=none", "optimizer.clip-value=0.1"
      )[0].contains("optimizer.clip-value: 0.1 then clips more often"))
    #expect(
      try warnings("training.global-batch=11") == [
        "training.global-batch: 11 is more than a third of the 30 photos to train on, so that an epoch has few "
          + "steps; a smaller one learns more from each"
      ])
  }
}
