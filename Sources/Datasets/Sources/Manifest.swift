import Files
import Glibc
import Images

/// A list of photos in a CSV file with the columns `path` and `label` and, if wanted, `split`,
/// `group`, `fold`, `weight`, and `p_<class>` for each class, from which labels may come as well. Other
/// columns are left alone; one of them may be named as the groups'.
///
/// Where it is said that photos may have several labels, `label` is `a|b`, or empty for none.
///
/// Paths are seen from the manifest's folder. Samples are ordered by the bytes of their paths, so
/// the order of lines changes nothing, and classes by the bytes of their names, numbers too: `10` comes
/// before `9`. What it says of splits, groups and folds is taken as it is, and has to be consistent.
package enum Manifest {
  package static func isOne(_ path: String) -> Bool { path.lowercased().endsExactly(with: ".csv") }

  /// Bytes of the longest that is read, which has some millions of photos.
  static let longest = 1 << 28

  /// - Throws: `ManifestError`.
  static func open(
    _ path: String, groupBy: String?, severalLabels: Bool, demanding demands: Dataset.Demands
  ) throws(ManifestError) -> Dataset {
    let (rows, named) = try rows(
      of: try read(path), path, groupBy: groupBy, severalLabels: severalLabels, demanding: demands)
    let classes =
      named.isEmpty
      ? Set(rows.lazy.flatMap(\.labels).map(ExactText.init)).sorted() : named.map(ExactText.init)
    let labels = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    let root = Paths.folder(of: path)
    let files = try files(of: rows, path, root, areDemanded: demands.contains(.files))
    let samples = zip(rows, files).map { row, file in
      let own = row.labels.compactMap { labels[ExactText($0)] }
      return Sample(
        path: row.path, label: own.first ?? 0, labelSet: severalLabels ? own : nil,
        split: row.split, bytes: file.bytes, group: row.group, fold: row.fold, weight: row.weight,
        softLabel: row.softLabel)
    }
    return Dataset(
      classes: classes.map(\.text), samples: samples, source: .photos(root: root),
      twins: try twins(among: files, of: rows, samples, path))
  }

  /// The lines of a manifest's text in the order of their paths, when all is well with them. Files
  /// aren't looked at.
  ///
  /// - Parameters:
  ///   - path: stands for it in messages.
  ///   - severalLabels: whether a photo may have several labels, or none.
  /// - Returns: besides, the classes that columns of soft labels name, in the order of labels; none where
  ///   there are no such columns.
  static func rows(
    of text: [UInt8], _ path: String, groupBy: String?, severalLabels: Bool = false,
    demanding demands: Dataset.Demands = .all
  ) throws(ManifestError) -> (rows: [ManifestRow], classes: [String]) {
    let records: [CSV.Record]
    do {
      records = try CSV.records(of: text)
    } catch {
      throw ManifestError(path, line: error.line, error.text)
    }
    guard let header = records.first else {
      throw ManifestError(path, "an empty file; its first line must name the columns: path,label")
    }
    let columns = try ManifestColumns(
      header, of: path, groupBy: groupBy, severalLabels: severalLabels)
    var rows: [ManifestRow] = []
    // Spreadsheets leave empty lines behind.
    for record in records.dropFirst() where record.fields.contains(where: { !$0.isEmpty }) {
      rows.append(try ManifestRow(record, columns, of: path))
    }
    rows.sort { Paths.precedes($0.path, $1.path) }
    let classes = columns.softLabels?.classes ?? []
    try ManifestChecks(path: path, rows: rows, classes: classes)
      .run(forTraining: demands.contains(.training))
    return (rows, classes)
  }

  private static func read(_ path: String) throws(ManifestError) -> [UInt8] {
    do {
      return try InputFile(path: path).bytes(atMost: longest)
    } catch let error as FileError {
      let reason = error.code == EINVAL ? "it is not a file" : error.cause
      throw ManifestError(path, "can't be read: \(reason); check data.path")
    } catch let error as OverlongFile {
      throw ManifestError(
        path,
        "\(error.bytes) bytes long, where a manifest has at most \(longest); is it the right file?")
    } catch {
      throw ManifestError(path, "can't be read: \(error)")
    }
  }

  /// What each row's path leads to. The first in the order of lines that isn't usable is reported.
  private static func files(
    of rows: [ManifestRow], _ path: String, _ root: String, areDemanded: Bool
  ) throws(ManifestError) -> [PhotoFile] {
    var files: [PhotoFile] = []
    var missing: [(line: Int, error: PhotoError)] = []
    for row in rows {
      do {
        files.append(try PhotoFile(Paths.path(row.path, below: root)))
      } catch {
        missing.append((row.line, error))
        files.append(.missing)
      }
    }
    if let first = missing.min(by: { $0.line < $1.line }),
      areDemanded || missing.count == rows.count
    {
      let more = missing.count > 1 ? " (\(missing.count) such lines in all)" : ""
      throw ManifestError(
        path, line: first.line, "\(first.error)\(more); paths are seen from the manifest's folder")
    }
    return files
  }

  /// Photos that are one file, which have to be of one class and split; those that aren't are reported in
  /// the order of lines.
  private static func twins(
    among files: [PhotoFile], of rows: [ManifestRow], _ samples: [Sample], _ path: String
  ) throws(ManifestError) -> [Twins] {
    let inOrder = rows.indices.sorted { rows[$0].line < rows[$1].line }
    let twins = Twins.among(inOrder.map { files[$0] })
      .map { Twins(first: inOrder[$0.first], second: inOrder[$0.second]) }
    let apart = twins.filter { !samples[$0.first].mayBeTwin(of: samples[$0.second]) }
    guard let pair = apart.first else { return twins }
    let (first, second) = (rows[pair.first], rows[pair.second])
    let more = apart.count > 1 ? " (\(apart.count) such lines in all)" : ""
    throw ManifestError(
      path, line: second.line,
      "\(second.path) is the same file as \(first.path) in line \(first.line)\(more); remove one of the two"
    )
  }
}
