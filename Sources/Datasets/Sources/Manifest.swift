import Files
import Images

/// A list of photos in a CSV file with the columns `path` and `label` and, if wanted, `split`,
/// `group` and `fold`. Other columns are left alone; one of them may be named as the groups'.
///
/// Paths are seen from the manifest's folder. Samples are ordered by the bytes of their paths, so
/// the order of lines changes nothing. What it says of splits, groups and folds is taken as it is,
/// and has to be consistent.
enum Manifest {
  static func isOne(_ path: String) -> Bool { path.lowercased().hasSuffix(".csv") }

  /// - Throws: `ManifestError`.
  static func open(_ path: String, groupBy: String?) throws(ManifestError) -> Dataset {
    let records = try read(path)
    guard let header = records.first else {
      throw ManifestError(path, "an empty file; its first line must name the columns: path,label")
    }
    let columns = try ManifestColumns(header, of: path, groupBy: groupBy)
    var rows: [ManifestRow] = []
    for record in records.dropFirst() {
      rows.append(try ManifestRow(record, columns, of: path))
    }
    rows.sort { Paths.precedes($0.path, $1.path) }
    try ManifestChecks(path: path, rows: rows).run()

    let classes = Set(rows.map(\.label)).sorted(by: Paths.precedes)
    let labels = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    let root = Paths.folder(of: path)
    let lengths = try lengths(of: rows, path, root)
    let samples = zip(rows, lengths).map { row, bytes in
      Sample(
        path: row.path, label: labels[row.label] ?? 0, split: row.split, bytes: bytes,
        group: row.group, fold: row.fold)
    }
    return Dataset(classes: classes, samples: samples, source: .photos(root: root))
  }

  private static func read(_ path: String) throws(ManifestError) -> [CSV.Record] {
    let text: [UInt8]
    do {
      text = try FileSystem.contents(of: path)
    } catch {
      guard case .unreadable(_, let reason) = error else {
        throw ManifestError(path, error.description)
      }
      throw ManifestError(path, "can't be read: \(reason); check data.path")
    }
    do {
      return try CSV.records(of: text)
    } catch {
      throw ManifestError(path, line: error.line, error.text)
    }
  }

  /// The length of each row's file. The first in the order of lines that isn't usable is reported.
  private static func lengths(
    of rows: [ManifestRow], _ path: String, _ root: String
  ) throws(ManifestError) -> [Int] {
    var lengths: [Int] = []
    var missing: [(line: Int, error: PhotoError)] = []
    for row in rows {
      do {
        lengths.append(try FileSystem.bytes(ofFile: Paths.path(row.path, below: root)))
      } catch {
        missing.append((row.line, error))
      }
    }
    guard let first = missing.min(by: { $0.line < $1.line }) else { return lengths }
    let more = missing.count > 1 ? " (\(missing.count) such lines in all)" : ""
    throw ManifestError(
      path, line: first.line, "\(first.error)\(more); paths are seen from the manifest's folder")
  }
}
