import DataParallel
import Diagnosis
import Evaluation
import Experiments
import Files
import MPI
import Recipes
import Reporting
import Reports
import Runs

/// Writes the report of a folder. Collective: rank 0 reads, composes and writes, and all ranks make pictures.
struct ReportWriting {
  /// Where `report.html` of a folder is.
  static func place(in folder: String) -> String { "\(folder)/\(RunFolder.report)" }

  private let path: String
  private let usage: (RunRecord?) -> ReportUsage

  /// - Parameter path: of a run, cross-validation, probe, set of cross-validations or ensemble.
  init(_ path: String, usage: @escaping (RunRecord?) -> ReportUsage = { ReportUsage(of: $0) }) {
    self.path = Paths.withoutTrailingSlashes(path)
    self.usage = usage
  }

  /// What rank 0 has read.
  private struct Subject {
    var photos: LabelledPhotos?
    var shown: ShownPhotos?
    /// Of the photos.
    var record: RunRecord?
    var models: [ReportPictures.Model] = []
    var page: (ReportAnswers?) throws -> ReportPage
    var description: (Int) -> String
  }

  /// - Parameter file: what is written.
  /// - Returns: on rank 0, what is to be known of it, if anything.
  func write(to file: String, world: World) throws -> String? {
    // Large tables take a while, and whoever waits for them isn't stuck.
    let subject = try world.status.withoutDeadline {
      try world.communicator.onFirst { try read() }
    }
    let pictures = try ReportPictures.make(
      of: subject?.photos, subject?.shown, recipe: subject?.record?.recipe,
      models: subject?.models ?? [], world: world)
    try world.communicator.onFirst {
      guard let subject else { return }
      var answers: ReportAnswers?
      if let photos = subject.photos, let shown = subject.shown {
        answers = ReportAnswers(
          photos, shown, of: subject.description(photos.paths.count),
          thumbnails: pictures.thumbnails, heatMaps: pictures.heatMaps)
      }
      try subject.page(answers).write(to: file)
    }
    return pictures.problem
  }

  /// At the end of a training, which an error doesn't undo.
  func writeAtEnd(world: World, _ console: Console) throws {
    let file = Self.place(in: path)
    do {
      let problem = try write(to: file, world: world)
      guard world.communicator.isFirst else { return }
      console.line("report    \(file)" + (problem.map { ", without some pictures: \($0)" } ?? ""))
    } catch let error as AgreedError {
      guard world.communicator.isFirst else { return }
      console.line(
        "report    \(file) wasn't written: \(error.lines.joined(separator: "; ")); tutti report \(Paths.shellQuoted(path)) tries again"
      )
    }
  }

  private func read() throws -> Subject {
    if EnsembleFolder(path: path).exists { return try ensemble() }
    if CrossvalSet(path: path).exists { return try set() }
    let record = try RunRecord(path: path)
    let photos = record.predictionsWithGroups
    let shown = photos.map { ShownPhotos($0) }
    return Subject(
      photos: photos, shown: shown, record: record,
      models: shown.map { models(of: record, photos, $0.mistakes) } ?? [],
      page: { try RunReport(record, answers: $0, usage: usage(record)).page() },
      description: { RunReport.description(of: record, photos: $0) })
  }

  /// Who looks at which of these photos: the run, or the fold's model that wasn't trained on it.
  private func models(
    of record: RunRecord, _ photos: LabelledPhotos?, _ rows: [Int]
  ) -> [ReportPictures.Model] {
    // A probe's table is by the folds' heads, which aren't kept.
    if record.trainings.isEmpty { return [] }
    guard CrossvalFolder(path: record.path).exists else {
      return [ReportPictures.Model(path: record.path, rows: rows)]
    }
    guard let folds = photos?.folds else { return [] }
    return record.trainings.compactMap { training in
      let own = rows.filter { folds[$0] == training.fold }
      return own.isEmpty ? nil : ReportPictures.Model(path: training.path, rows: own)
    }
  }

  private func set() throws -> Subject {
    let set = CrossvalSet(path: path)
    let names = try set.names()
    guard Paths.exists(set.scores), Paths.exists(set.predictions) else {
      throw NoAnswers.unfinished(path)
    }
    let result = try RunRecord.document(CrossvalSetResult.self, set.scores)
    let member = try RunRecord(path: set.member(names[0]).path)
    let photos = try Self.photos(set.predictions, of: member)
    let members = result.members.map {
      MembersReport.Member(
        name: $0.name, weight: nil, scores: $0.scores, without: $0.ensembleWithout)
    }
    return Subject(
      photos: photos, shown: photos.map { ShownPhotos($0) }, record: member,
      page: {
        MembersReport(
          path, kind: "\(names.count) cross-validations of the same photos", facts: [], members,
          result.ensemble, $0
        ).page()
      }, description: { "\($0) photos, each by models that weren't trained on it" })
  }

  private func ensemble() throws -> Subject {
    let folder = EnsembleFolder(path: path)
    let saved = try folder.read()
    let scores = try RunRecord.document(
      EnsembleFitScores.self, "\(path)/\(EnsembleFolder.scores)")
    let member = saved.members.first.flatMap { try? RunRecord(path: folder.place(of: $0.path)) }
    let photos = try Self.photos("\(path)/\(EnsembleFolder.predictions)", of: member)
    let members = scores.members.map {
      MembersReport.Member(name: $0.name, weight: $0.weight, scores: $0.scores, without: $0.without)
    }
    let naive = scores.naive
    let facts = [
      "Weights by \(saved.weightsBy.rawValue), of the mean of \(saved.average.rawValue); temperature \(NumberText.short(saved.temperature)).",
      "By weights and a temperature that these very photos have chosen, macro F1 would be \(NumberText.fixed(naive[.macroF1], 3)): too good.",
    ]
    return Subject(
      photos: photos, shown: photos.map { ShownPhotos($0) }, record: member,
      page: {
        MembersReport(
          path, kind: "an ensemble of \(members.count) members", facts: facts, members,
          scores.crossFitted, $0
        ).page()
      },
      description: { "\($0) photos, each by weights and a temperature that it had no part in" })
  }

  /// What is said of photos; nil where they have several labels each.
  private static func photos(_ table: String, of member: RunRecord?) throws -> LabelledPhotos? {
    if member?.recipe.data.hasSeveralLabels == true { return nil }
    return try LabelledPhotos(csvAt: table)
  }
}
