import Evaluation
import Files
import NeuralNetworks
import Recipes
import Reports
import Runs
import Tensors

/// What a report shows of trainings: how they went, what they were trained on, and where the time went.
struct TrainingSections {
  let record: RunRecord

  /// Losses and scores by epoch, of a run or of all folds.
  var learning: ReportPage.Section? {
    let trainings = record.trainings.filter { !$0.metrics.epochs.isEmpty }
    if trainings.isEmpty { return nil }
    let isOne = trainings.count == 1
    let chosen = isOne ? trainings[0].epoch : nil
    let mark = chosen.map { (x: Double($0.epoch + 1), name: $0.isBest ? "best" : "last") }
    func curves(
      _ name: String, _ colour: Int, _ value: (RunRecord.Training, MetricsRecord.Epoch) -> Double?
    ) -> [Curves.Curve] {
      trainings.map { training in
        Curves.Curve(
          name: isOne ? name : "\(name), fold \(training.fold ?? 0)", kind: name,
          points: training.metrics.epochs.compactMap { epoch in
            value(training, epoch).map { (Double(epoch.epoch + 1), $0) }
          }, colour: colour, isThin: !isOne)
      }
    }
    let metric = record.recipe.training.selectBy
    let losses = Curves.figure(
      "learning-loss", title: "Loss by epoch",
      description:
        "Of the photos that are trained on, as they are augmented, and of the validation photos.",
      xTitle: "epoch",
      curves: curves("training", 0) { $1.trainingLoss }
        + curves("validation", 1) { $0.scores(after: $1)?[.loss] },
      mark: mark
    ) { NumberText.fixed($0, 4) }
    let scores = Curves.figure(
      "learning-scores", title: "Accuracy and \(metric.title) by epoch",
      description: "Of the validation photos; of those that are trained on, the accuracy.",
      xTitle: "epoch",
      curves: curves("training accuracy", 0) { $1.trainingAccuracy }
        + curves("validation accuracy", 1) { $0.scores(after: $1)?[.accuracy] }
        + (metric == .accuracy
          ? [] : curves("validation \(metric.title)", 2) { $0.scores(after: $1)?[metric] }),
      mark: mark
    ) { NumberText.fixed($0, 4) }
    let note: HTML =
      trainings.contains { $0.metrics.epochs.contains { $0.mixed == true } }
      ? "<p class=\"soft\">Photos were mixed in some epochs, so that training looks harder than it is.</p>\n"
      : ""
    return ReportPage.Section(
      "learning", "How it learned",
      "\(note)<div class=\"figures\">\(losses.html)\(scores.html)</div>")
  }

  /// How many photos each class has to train on, and how often they are drawn.
  var balance: ReportPage.Section? {
    guard let classes = record.trainings.first?.metrics.starts.last?.classes, !classes.isEmpty
    else { return nil }
    let counts = classes.map(\.photos)
    let factors = record.recipe.data.sampling?.factors(of: classes.map(\.name), counts: counts)
    let all = Double(counts.reduce(0, +))
    let rows = classes.enumerated().map { place, one in
      let share = Double(one.photos) / max(1, all)
      return Rows.Row(
        one.name, share, second: factors.map { share * $0[place] },
        others: [.number(Double(one.photos), shown: NumberText.grouped(one.photos))])
    }
    let figure = Rows.figure(
      "balance-shares",
      title: factors == nil
        ? "Share of each class" : "Share of each class, and how often it is drawn",
      description: "Among \(NumberText.grouped(Int(all))) photos to train on"
        + (factors == nil ? "." : ", and what data.sampling makes of it."),
      rows, as: .bars, names: ["of the photos", "as they are drawn"], others: ["photos"],
      text: NumberText.percent)
    return ReportPage.Section("balance", "What it is trained on", figure.html)
  }

  /// Where the time of a step went, over all trainings.
  var time: ReportPage.Section? {
    var parts = [0.0, 0, 0, 0, 0]
    for training in record.trainings {
      let seconds = Dictionary(
        training.metrics.steps.map { ($0.epoch, $0.seconds) }, uniquingKeysWith: +)
      for epoch in training.metrics.epochs {
        let all = seconds[epoch.epoch] ?? 0
        let shares = [epoch.exchangeShare ?? 0, epoch.waitedForRanksShare ?? 0, epoch.waitedShare]
        parts[0] += all * max(0, 1 - shares.reduce(0, +))
        for (place, share) in shares.enumerated() { parts[place + 1] += all * share }
        parts[4] += epoch.validationSeconds
      }
    }
    let all = parts.reduce(0, +)
    guard all > 0 else { return nil }
    let names = [
      "computing", "exchanging gradients and weights", "waiting for other ranks",
      "waiting for photos",
      "validating",
    ]
    let figure = Shares.figure(
      "time-shares", title: "Where the time went",
      description: "\(NumberText.percent(parts[0] / all)) of \(DurationText.of(all)) is computing.",
      zip(names, parts).map { ($0, $1 / all) }.filter { $0.1 > 0 || $0.0 == names[0] },
      text: NumberText.percent)
    let rates = record.trainings.flatMap { $0.metrics.epochs.map(\.imagesPerSecond) }
    let memory = record.trainings.flatMap { $0.metrics.epochs.compactMap(\.residentBytes) }.max()
    let sentence =
      "\(DurationText.of(all)) of training and validation, at \(EpochText.rate(rates.median))"
      + (memory.map { "; a rank took up to \(ByteCount($0)) of memory" } ?? "")
    return ReportPage.Section(
      "time", "Time", "<p>\(sentence).</p>\n<div class=\"figures\">\(figure.html)</div>")
  }
}
