import Evaluation
package import Runs

/// A diagnosis as JSON; docs/diagnose.md describes the keys.
package struct DiagnosisDocument: Encodable {
  private let diagnosis: Diagnosis
  private let record: RunRecord

  package init(_ diagnosis: Diagnosis, of record: RunRecord) {
    self.diagnosis = diagnosis
    self.record = record
  }

  private enum CodingKeys: String, CodingKey {
    case run, findings, folds, unseen, photos, accuracy
    case isHealthy = "is_healthy"
    case macroF1 = "macro_f1"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(record.path, forKey: .run)
    try container.encode(diagnosis.findings.isEmpty, forKey: .isHealthy)
    try container.encode(diagnosis.findings.map(Finding.init), forKey: .findings)
    try container.encodeIfPresent(diagnosis.folds, forKey: .folds)
    try container.encode(diagnosis.unseen, forKey: .unseen)
    guard let scores = record.scores else { return }
    try container.encode(scores.photos, forKey: .photos)
    try container.encode(scores[.accuracy], forKey: .accuracy)
    try container.encode(scores[.macroF1], forKey: .macroF1)
  }

  private struct Finding: Encodable {
    let finding: Diagnosis.Finding

    init(_ finding: Diagnosis.Finding) { self.finding = finding }

    private enum CodingKeys: CodingKey { case name, severity, evidence, changes, folds }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      let illness = finding.illness
      try container.encode(type(of: illness).name, forKey: .name)
      try container.encode(illness.severity, forKey: .severity)
      try illness.encode(to: container.superEncoder(forKey: .evidence))
      try container.encode(illness.changes, forKey: .changes)
      try container.encodeIfPresent(finding.folds, forKey: .folds)
    }
  }
}
