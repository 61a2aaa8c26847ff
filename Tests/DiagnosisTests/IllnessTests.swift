@testable import Diagnosis
import Evaluation
import Runs
import Support
import Testing

@Suite struct IllnessTests {
  @Test func `a healthy run has none`() throws {
    #expect(try Patient().names() == [])
  }

  @Test func `steps that were passed over are told`() throws {
    var patient = Patient()
    patient.skipped = 1
    patient.recipe = "training: {epochs: 4, precision: fp16, on-non-finite: skip}"
    let one = try patient.findings()
    #expect(one.count == 1 && one[0].illness.severity == .minor)
    #expect(
      one[0].illness.changes == [
        .set("training.precision=bf16"), .set("optimizer.learning-rate=0.0015"),
      ])
    patient.skipped = 3
    #expect(try patient.findings()[0].illness.severity == .serious)
  }

  @Test func `steps that a loss scale came down by are none, unless they don't end`() throws {
    var patient = Patient()
    patient.recipe = "training: {epochs: 4, precision: fp16-gradients}"
    patient.isSkippedByScale = true
    patient.skipped = 40
    #expect(try patient.names() == [])
    patient.skipped = 41
    #expect(try patient.findings()[0].illness.severity == .serious)
  }

  @Test func `a loss that rises tells of a learning rate that is too high`() throws {
    var patient = Patient()
    patient.losses = (0..<100).map { $0 < 5 ? 2.3 : 2 + Double($0) / 10 }
    let finding = try #require(try patient.findings().first?.illness as? LearningRateTooHigh)
    #expect(finding.severity == .critical && finding.lastLoss > 11 && finding.firstLoss == 2.3)
    #expect(finding.changes.first == .set("optimizer.learning-rate=0.00015"))
    // For a while only.
    patient.losses = (0..<100).map { (20..<30).contains($0) ? 4 : 2.3 / (1 + Double($0) / 20) }
    #expect(try patient.findings().first?.illness is LearningRateTooHigh)
    #expect(try patient.findings().first?.illness.severity == .serious)
    // Not by a single step.
    patient.losses = (0..<100).map { $0 == 20 ? 40 : 2.3 / (1 + Double($0) / 20) }
    #expect(try patient.names() == [])
    // A loss that is no number.
    patient.losses = (0..<100).map { $0 < 50 ? 2.3 : .infinity }
    #expect(try MetricsOf(patient).illness is LearningRateTooHigh)
  }

  /// JSON has no infinite numbers; they are texts there.
  private struct MetricsOf {
    let illness: (any Illness)?

    init(_ patient: Patient) throws {
      let scratch = try Scratch()
      try patient.write(to: scratch)
      let path = "\(scratch.path)/run/metrics.jsonl"
      let text = String(decoding: try contents(of: path), as: UTF8.self)
      try scratch.write(text.replacing(":inf,", with: ":\"inf\","), to: "run/metrics.jsonl")
      illness = try withExtendedLifetime(scratch) {
        Diagnosis(try RunRecord(path: "\(scratch.path)/run")).findings.first?.illness
      }
    }
  }

  @Test func `a validation loss beyond all measure tells of it, too`() throws {
    var patient = Patient()
    patient.epochs[1].loss = 11
    #expect(try patient.names() == [])
    patient.epochs[1].loss = 12
    #expect(try patient.names() == ["learning-rate-too-high"])
  }

  @Test func `a loss that stays, with its gradient, tells of a learning rate that is too low`()
    throws
  {
    var patient = Patient()
    patient.losses = (0..<100).map { 2.3 - 0.002 * Double($0) }
    patient.norms = (0..<100).map { 2 - 0.002 * Double($0) }
    for index in patient.epochs.indices {
      patient.epochs[index].matrix = Patient.matrix(right: 1, of: 10, photos: 34)
      patient.epochs[index].trainingAccuracy = 0.12
    }
    var found = try patient.findings()
    #expect(found.count == 1)
    let low = try #require(found[0].illness as? LearningRateTooLow)
    #expect(low.severity == .critical && low.changes[0] == .set("optimizer.learning-rate=0.15"))
    // The gradient has changed, so weights have moved: what was learned holds for no other photos.
    patient.norms = (0..<100).map { 2 / (1 + Double($0) / 20) }
    found = try patient.findings()
    #expect(found.count == 1)
    let labels = try #require(found[0].illness as? MeaninglessLabels)
    #expect(abs(labels.chance - 0.1) < 0.002 && labels.severity == .critical)
    // Where one class has most of the photos, it is no wonder that the model says nothing else.
    var always = ConfusionMatrix(classes: Patient.names(10))
    for label in 0..<10 { always.add(label: label, predicted: 0, count: 34) }
    for index in patient.epochs.indices { patient.epochs[index].matrix = always }
    #expect(try patient.names() == ["meaningless-labels"])
    patient.photosOfClasses[0] = 600
    #expect(try patient.names().first == "weak-classes")
    // The largest class alone isn't told, and the others are: no better than always saying the largest, and no chance.
    var others = Patient.matrix(right: 5, of: 10, photos: 10)
    others.add(label: 0, predicted: 1, count: 90)
    for index in patient.epochs.indices { patient.epochs[index].matrix = others }
    patient.photosOfClasses[0] = 60
    #expect(try !patient.names().contains("meaningless-labels"))
  }

  @Test func `few photos to validate tell little`() throws {
    for (photos, severity) in [(1, Severity.critical), (4, .minor), (34, nil)] {
      var patient = Patient()
      for index in patient.epochs.indices {
        patient.epochs[index].matrix = Patient.matrix(
          right: photos < 5 ? 3 : 8, of: photos < 5 ? 4 : 10, photos: photos)
      }
      if photos == 1 {
        var matrix = ConfusionMatrix(classes: Patient.names(10))
        for label in 0..<10 { matrix.add(label: label, predicted: label < 6 ? label : 0) }
        for index in patient.epochs.indices { patient.epochs[index].matrix = matrix }
      }
      let found = try patient.findings().first { $0.illness is TooLittleValidation }
      #expect(found?.illness.severity == severity, "\(photos)")
      if severity == .critical { #expect(try patient.names() == ["too-little-validation"]) }
    }
    var none = Patient()
    for index in none.epochs.indices { none.epochs[index].matrix = nil }
    let found = try none.findings()
    #expect(found.count == 1 && found[0].illness.changes == [.set("data.validation=0.2")])
  }

  @Test func `a class with far fewer photos is told, and less gravely where it is known`() throws {
    var patient = Patient()
    patient.photosOfClasses[3] = 8
    for index in patient.epochs.indices {
      patient.epochs[index].matrix = Patient.matrix(right: 7, of: 10, photos: 34)
    }
    var found = try #require(try patient.findings().first?.illness as? FewPhotosOfClass)
    #expect(found.classes == [.init(name: "class3", photos: 8)] && found.usual == 60)
    #expect(
      found.changes == [.advice("collect photos of class3"), .set("data.sampling=square-root")])
    #expect(found.severity == .serious)
    for index in patient.epochs.indices {
      patient.epochs[index].matrix = Patient.matrix(right: 9, of: 10, photos: 34)
    }
    found = try #require(try patient.findings().first?.illness as? FewPhotosOfClass)
    #expect(found.severity == .minor)
    // Where all are small, none is neglected.
    patient.photosOfClasses = [8, 12, 12, 12, 12, 12, 12, 12, 12, 12]
    #expect(try patient.names() == [])
  }

  @Test func `overfitting is a gap, or a validation loss that rises`() throws {
    var patient = Patient()
    patient.epochs[3].trainingAccuracy = 0.99
    for index in patient.epochs.indices {
      patient.epochs[index].matrix = Patient.matrix(right: 7, of: 10, photos: 34)
    }
    #expect(try patient.names() == ["overfitting"])
    patient.epochs[3].isMixed = true
    #expect(try patient.names() == [])
    patient = Patient()
    (patient.epochs[2].trainingLoss, patient.epochs[3].trainingLoss) = (0.1, 0.05)
    (patient.epochs[1].loss, patient.epochs[3].loss) = (0.5, 0.63)
    let found = try #require(try patient.findings().first?.illness as? Overfitting)
    #expect(found.leastEpoch == 1 && found.severity == .minor)
    #expect(found.changes.contains(.set("training.epochs=2")))
    patient.epochs[3].loss = 0.6
    #expect(try patient.names() == [])
  }

  @Test func `a model that doesn't know its own photos either is underfitting`() throws {
    var patient = Patient()
    for index in patient.epochs.indices {
      patient.epochs[index].matrix = Patient.matrix(right: 7, of: 10, photos: 34)
      patient.epochs[index].trainingAccuracy = 0.7
      patient.epochs[index].trainingLoss = 1 - 0.1 * Double(index)
    }
    let found = try #require(try patient.findings().first?.illness as? Underfitting)
    #expect(found.changes.contains(.set("training.epochs=8")))
    patient.epochs[3].trainingAccuracy = 0.85
    #expect(try patient.names() == [])
  }

  /// A matrix of two hundred photos of four classes, with one row another.
  private func patient(row: Int, _ counts: [Int], recipe: String = "training: {epochs: 4}")
    -> Patient
  {
    var rows = [[50, 0, 0, 0], [0, 50, 0, 0], [0, 0, 50, 0], [0, 0, 0, 50]]
    rows[row] = counts
    var patient = Patient()
    patient.recipe = recipe
    patient.photosOfClasses = [60, 60, 60, 60]
    for index in patient.epochs.indices {
      patient.epochs[index].matrix = ConfusionMatrix(classes: Patient.names(4), rows: rows)
    }
    return patient
  }

  @Test func `a weak class says what it is taken for`() throws {
    let found = try patient(row: 2, [8, 3, 20, 19]).findings()
    let weak = try #require(found.first?.illness as? WeakClasses)
    #expect(
      weak.classes.count == 1 && weak.classes[0].name == "class2" && weak.collect == ["class2"])
    #expect(weak.classes[0].takenFor == "class3" && weak.classes[0].timesTaken == 19)
    #expect(abs(weak.classes[0].f1 - 40.0 / 70) < 1e-12)
    #expect(found.map { type(of: $0.illness).name } == ["weak-classes", "confusions"])
    #expect(try patient(row: 2, [8, 3, 22, 17]).names() == ["confusions"])
  }

  @Test func `photos of the class are wanted most of which one more helps most`() throws {
    var patient = patient(row: 2, [10, 10, 15, 15])
    for index in patient.epochs.indices {
      patient.epochs[index].matrix = ConfusionMatrix(
        classes: Patient.names(4),
        rows: [[20, 30, 0, 0], [30, 20, 0, 0], [0, 0, 50, 0], [0, 0, 0, 50]])
    }
    patient.photosOfClasses = [300, 25, 60, 60]
    let weak = try #require(try patient.findings().first?.illness as? WeakClasses)
    #expect(weak.collect == ["class1", "class0"])
    #expect(weak.changes.contains(.set("loss.class-weights=square-root")))
  }

  @Test func `pairs that are taken for each other are told from five photos and a quarter on`()
    throws
  {
    let found = try #require(
      try patient(row: 1, [0, 37, 13, 0]).findings().first?.illness as? Confusions)
    #expect(found.pairs == [.init(label: "class1", predicted: "class2", photos: 13, share: 0.26)])
    #expect(try patient(row: 1, [0, 38, 12, 0]).names() == [])
    #expect(try patient(row: 1, [0, 4, 4, 0]).names() == [])
  }

  @Test func `a class that is said too often is over-corrected where something corrects`() throws {
    let recipe = "training: {epochs: 4}\nloss: {class-weights: balanced}"
    let rows = [0, 0, 25, 25]
    let found = try #require(
      try patient(row: 2, rows, recipe: recipe).findings().first?.illness as? OvercorrectedClasses)
    #expect(found.classes.map(\.name) == ["class3"] && found.corrections == ["loss.class-weights"])
    #expect(found.changes == [.set("loss.class-weights=square-root")])
    let plain = try patient(row: 2, rows).findings()
    #expect(!plain.contains { $0.illness is OvercorrectedClasses })
    let both = try patient(row: 2, rows, recipe: recipe + "\ndata: {sampling: square-root}")
      .findings()
    #expect(both.first?.illness.changes == [.set("loss.class-weights=none")])
  }

  @Test func `waiting for photos is told from a fifth of the time on`() throws {
    var patient = Patient()
    patient.recipe = "training: {epochs: 4}\ndata: {loader-threads: 1, path: my photos}"
    for index in patient.epochs.indices { patient.epochs[index].waited = index == 0 ? 0.9 : 0.19 }
    #expect(try patient.names() == [])
    for index in patient.epochs.indices { patient.epochs[index].waited = 0.3 }
    var found = try #require(try patient.findings().first?.illness as? WaitingForPhotos)
    #expect(found.severity == .minor && found.changes[0] == .set("data.loader-threads=auto"))
    #expect(found.changes.contains(.command("tutti bench loader --data 'my photos'")))
    for index in patient.epochs.indices { patient.epochs[index].waited = 0.6 }
    found = try #require(try patient.findings().first?.illness as? WaitingForPhotos)
    #expect(found.severity == .serious)
    // In a run of a second it's not worth a word.
    patient.seconds = 0.01
    #expect(try patient.names() == [])
  }

  @Test func `waiting for ranks is told apart from waiting for photos and from the exchange`()
    throws
  {
    var patient = Patient()
    patient.ranks = 3
    patient.recipe = "training: {epochs: 4, global-batch: 64, micro-batch: 16}"
    for index in patient.epochs.indices {
      (patient.epochs[index].exchange, patient.epochs[index].waitedForRanks) = (0.1, 0.3)
    }
    let found = try #require(try patient.findings().first?.illness as? WaitingForRanks)
    #expect(found.ranks == 3 && found.changes[0] == .set("training.global-batch=48"))
    for index in patient.epochs.indices { patient.epochs[index].waited = 0.4 }
    #expect(try patient.names() == ["waiting-for-photos"])
    for index in patient.epochs.indices {
      (patient.epochs[index].waited, patient.epochs[index].exchange) = (0, 0.35)
      patient.epochs[index].waitedForRanks = 0.1
    }
    #expect(try patient.names() == ["slow-exchange"])
  }

  @Test func `memory that is nearly used up is told`() throws {
    var patient = Patient()
    patient.epochs[1].memory = (1000, 101)
    #expect(try patient.names() == [])
    patient.epochs[2].memory = (1000, 99)
    let found = try #require(try patient.findings().first?.illness as? MemoryNearLimit)
    #expect(found.left == 99 && found.changes[0] == .set("training.recompute=blocks"))
  }

  @Test func `many doubtful labels are told, with predictions on the disk`() throws {
    let scratch = try Scratch()
    for (wrong, severity) in [(3, nil), (6, Severity.minor), (12, .serious)] {
      var text = "path,label,predicted,loss,p_a,p_b\n"
      var matrix = ConfusionMatrix(classes: ["a", "b"])
      for photo in 0..<40 {
        let (label, said) = (photo % 2, photo < wrong ? 1 - photo % 2 : photo % 2)
        matrix.add(label: label, predicted: said)
        text += "\(photo).jpg,\(["a", "b"][label]),x,0,\(said == 0 ? "0.95,0.05" : "0.05,0.95")\n"
      }
      var patient = Patient()
      patient.photosOfClasses = [60, 60]
      for index in patient.epochs.indices { patient.epochs[index].matrix = matrix }
      try patient.write(to: scratch)
      try scratch.write(text, to: "run/validation.csv")
      let diagnosis = Diagnosis(try RunRecord(path: "\(scratch.path)/run"))
      let found = diagnosis.findings.first { $0.illness is DoubtfulLabels }
      #expect(found?.illness.severity == severity, "\(wrong)")
      #expect(diagnosis.unseen.isEmpty)
      // Of other photos than the scores are of, they say nothing.
      try scratch.write(text + "x.jpg,a,a,0,0.9,0.1\n", to: "run/validation.csv")
      #expect(try RunRecord(path: "\(scratch.path)/run").predictions == nil)
    }
  }
}
