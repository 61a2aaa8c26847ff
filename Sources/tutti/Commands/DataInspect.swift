import ArgumentParser
import DataParallel
import Datasets
import Experiments
import Files
import MPI
import Reporting

struct DataInspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Counts photos and decodes each of them, to find what is damaged or odd.",
    discussion: """
      Ranks and threads share the photos. What was found is kept in ~/.cache/tutti, so that only \
      photos that have changed are decoded again.

      EXAMPLES
        tutti data inspect photos
        mpirun -n 4 tutti data inspect photos/manifest.csv --json

        With copies, which a manifest keeps on one side of every split:
          tutti data inspect photos --write-groups photos/groups.csv
          tutti train --data photos/groups.csv
      """)

  @Argument(help: "A folder of photos, a manifest (.csv), a pack, or a folder of IDX files.")
  var path: String

  @OptionGroup var labelling: LabelsOption

  @OptionGroup var limit: LargestPhotoOption

  @Flag(
    help:
      "Looks for copies: exact ones, and those that were saved again, resized, cropped a little or mirrored."
  )
  var duplicates = false

  @Option(
    help: ArgumentHelp(
      "Writes a manifest in which copies share a group, so that none is on both sides of a split; it "
        + "looks for them as --duplicates does.", valueName: "file"),
    completion: .file())
  var writeGroups: String?

  @OptionGroup var output: JSONOptions

  @OptionGroup var waiting: WaitOptions

  func run() throws {
    runWithMPI(waiting) { world in
      let communicator = world.communicator
      let decoding = try communicator.agree { try limit.decoding() }
      let dataset = try Dataset.open(
        path: path, severalLabels: labelling.wanted, demanding: .training, over: communicator
      ).decoded(by: decoding)
      let cores = try Cores(over: communicator, topology: world.topology, wanted: nil)
      try communicator.onFirst { try checkTarget(dataset) }
      let seeksCopies = duplicates || writeGroups != nil
      let checks = try PhotoChecks.run(
        dataset, over: communicator, threads: cores.threads, signing: seeksCopies)
      let copies =
        seeksCopies
        ? try DuplicateSearch.run(
          dataset, checks.findings, over: communicator, threads: cores.threads) : nil
      let leftOut = try communicator.onFirst { () -> String? in
        guard let writeGroups, let copies else { return nil }
        let (text, leavesOut) = try dataset.manifest(grouping: copies, at: writeGroups)
        try FileWriting.replace(writeGroups, with: Array(text.utf8))
        return leavesOut
      }
      guard communicator.isFirst else { return .done }
      let summary = DataSummary(dataset, checks.findings, path: path, duplicates: copies)
      if output.isJSON {
        print(try summary.json())
      } else {
        let console = Console()
        for line in summary.lines { console.line(line) }
        for line in dataset.noteLines(width: 11) { console.line(line) }
        if let writeGroups {
          console.line("written    \(writeGroups)")
          if let leftOut {
            console.line(
              "           without the data's own \(leftOut), since copies are on both sides of them; "
                + "photos are set apart anew")
          }
        }
      }
      return .done
    }
  }
}

extension DataInspect {
  /// Makes sure that a manifest can be written, before photos are looked at.
  private func checkTarget(_ dataset: Dataset) throws(ManifestError) {
    guard let writeGroups else { return }
    let option = "--write-groups"
    guard Manifest.isOne(writeGroups) else { throw .name(writeGroups, option: option) }
    if Paths.exists(writeGroups) { throw .exists(writeGroups, option: option) }
    if dataset.file(of: 0) == nil { throw dataset.pack == nil ? .noFiles(path) : .inPack(path) }
  }
}

extension DataSummary {
  /// For people: counts with bars, sizes, and what is wrong.
  fileprivate var lines: [String] {
    let most = classes.map(\.total).max() ?? 0
    let names = classes.map { $0.name.harmless(atMost: 200) }
    var rows = [["class"] + splits + [""]]
    for (name, entry) in zip(names, classes) {
      let bar = String(repeating: "█", count: most == 0 ? 0 : (30 * entry.total + most - 1) / most)
      rows.append([name] + splits.map { String(entry.photos[$0] ?? 0) } + [bar])
    }
    let sums = splits.map { split in classes.reduce(0) { $0 + ($1.photos[split] ?? 0) } }
    rows.append([labels == nil ? "all" : "labels"] + sums.map(String.init) + [""])
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = rows.map { row in
      var line = row[0] + String(repeating: " ", count: widths[0] - row[0].count)
      for column in 1..<(row.count - 1) {
        line += String(repeating: " ", count: 2 + widths[column] - row[column].count) + row[column]
      }
      return row[row.count - 1].isEmpty ? line : line + "  " + row[row.count - 1]
    }
    lines.append("")
    lines.append("imbalance  \(NumberText.fixed(imbalance, 1)) (most frequent class to rarest)")
    if let labels {
      lines.append(
        "labels     \(NumberText.fixed(labels.perPhoto, 2)) a photo; \(labels.none) of \(photos) photos have none"
      )
    }
    if let groups { lines.append("groups     \(groups)") }
    if let folds { lines.append("folds      \(folds.map(String.init).joined(separator: ", "))") }
    if let weights {
      let ends = [weights.smallest, weights.largest].map { NumberText.short(Double($0)) }
      lines.append("weights    from \(ends[0]) to \(ends[1])")
    }
    if let soft {
      lines.append(
        "soft       \(soft) photo\(soft == 1 ? " has" : "s have") votes of several classes"
          + ((outvoted ?? 0) > 0 ? "; \(outvoted ?? 0) have most for another than their label" : "")
      )
    }
    if !formats.isEmpty {
      let counts = formats.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      lines.append("formats    \(counts.map { "\($0.value) \($0.key)" }.joined(separator: ", "))")
    }
    for (name, extent) in [("width ", width), ("height", height)] {
      guard let extent else { continue }
      lines.append(
        "\(name)     \(extent.smallest) to \(extent.largest) pixels, median \(extent.median)")
    }
    if let duplicates { lines += Self.lines(duplicates) }
    lines += remarks("corrupt", corrupt) + remarks("odd    ", odd)
    if !corrupt.isEmpty {
      lines.append("next       mend or remove the corrupt photos, or train with --skip-corrupt")
    }
    return lines
  }

  private static func lines(_ duplicates: DuplicateGroups) -> [String] {
    // Those under two classes first: one of the two labels is wrong.
    let copies =
      duplicates.copies.filter(\.isConflict) + duplicates.copies.filter { !$0.isConflict }
    let shown = copies.prefix(20).map { copy in
      let how =
        copy.correlation == 1
        ? "exact"
        : "\(NumberText.fixed(copy.correlation, 3))\(copy.isMirrored ? ", mirrored" : "")"
      return "           \(copy.first) and \(copy.second): \(how)"
        + (copy.isConflict ? "; labels \(copy.labels[0]) and \(copy.labels[1])" : "")
    }
    let more = duplicates.copies.count - shown.count
    return [
      "copies     \(duplicates.exact) exact and \(duplicates.near) near ones in "
        + "\(duplicates.groups.count) groups, of which \(duplicates.acrossSplits) are in several splits, "
        + "\(duplicates.acrossFolds) in several folds, \(duplicates.acrossClasses) in several classes"
    ] + shown + (more > 0 ? ["           and \(more) more; --json lists all"] : [])
  }

  /// The number, and the first of them.
  private func remarks(_ name: String, _ remarks: [Remark]) -> [String] {
    let shown = remarks.prefix(20).map { "           \($0.path): \($0.reason)" }
    let more = remarks.count - shown.count
    return ["\(name)    \(remarks.count)"] + shown
      + (more > 0 ? ["           and \(more) more; --json lists all"] : [])
  }
}
