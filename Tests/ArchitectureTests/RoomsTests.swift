import Foundation
import Testing

/// The imports of the sources, the lists in Package.swift and the tables of docs/architecture.md say the
/// same.
@Suite struct RoomsTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// What comes with Swift or the system, and isn't listed.
  private static let given: Set = [
    "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
  ]
  /// The names that Package.swift gives products of other packages.
  private static let products = [
    "argumentParser": "ArgumentParser", "logging": "Logging", "nioCore": "NIOCore",
    "nioHTTP": "NIOHTTP1", "nioPosix": "NIOPosix", "protobuf": "SwiftProtobuf",
    "yams": "Yams",
  ]

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The rooms of Package.swift that are written in Swift, and what each sees.
  private static func listed() throws -> [String: Set<String>] {
    let package = try text("Package.swift")
    let lists = package.matches(
      of:
        /(?:room\(\s*|target\(\s*name: |Target\(\s*name: )"(\w+)",\s*(?:sees|dependencies): \[([^\]]*)\]/
    )
    var rooms: [String: Set<String>] = [:]
    for list in lists
    where FileManager.default.fileExists(
      atPath: root.appending(path: "Sources/\(list.output.1)").path)
    {
      rooms[String(list.output.1)] = Set(
        list.output.2.matches(of: /"(\w+)"|(\w+)/).map { word in
          word.output.1.map(String.init) ?? products[String(word.output.2 ?? "")] ?? "?"
        })
    }
    return rooms
  }

  /// The Swift files below a folder, as paths seen from it.
  private static func files(below folder: String) throws -> [String] {
    let path = root.appending(path: folder).path
    return try FileManager.default.subpathsOfDirectory(atPath: path)
      .filter { $0.hasSuffix(".swift") }.sorted()
  }

  private static func imports(of room: String) throws -> Set<String> {
    var found: Set<String> = []
    for file in try files(below: "Sources/\(room)") {
      let lines = try text("Sources/\(room)/\(file)").matches(
        of: /(?m)^(?:package |public )?import (?:\w+ )?(\w+)$/)
      found.formUnion(lines.map { String($0.output.1) })
    }
    return found.subtracting(given)
  }

  /// The rows of a table of docs/architecture.md by what is in backquotes in their first cell.
  private static func rows() throws -> [String: [Substring]] {
    var rows: [String: [Substring]] = [:]
    for line in try text("docs/architecture.md").split(separator: "\n") where line.hasPrefix("| `")
    {
      let cells = line.dropFirst(2).dropLast(2).split(separator: " | ")
      for name in cells[0].matches(of: /`([^`]+)`/) { rows[String(name.output.1)] = cells }
    }
    return rows
  }

  @Test func `each room imports what Package_swift says that it sees`() throws {
    let listed = try Self.listed()
    #expect(listed.count > 20)
    for (room, sees) in listed {
      #expect(try Self.imports(of: room) == sees, "\(room)")
    }
  }

  @Test func `the table of rooms says what each sees`() throws {
    let (listed, rows) = (try Self.listed(), try Self.rows())
    for (room, sees) in listed {
      let cells = try #require(rows[room], "docs/architecture.md lacks \(room)")
      let said = Set(cells[2].split(separator: ", ").map(String.init)).subtracting(["–"])
      #expect(said == sees, "\(room)")
    }
  }

  @Test func `each folder of a room has a row that says its purpose`() throws {
    let rows = try Self.rows()
    for room in try Self.listed().keys {
      let folders = Set(
        try Self.files(below: "Sources/\(room)").compactMap { file in
          file.lastIndex(of: "/").map { "\(room)/\(file[..<$0])" }
        })
      for folder in folders { #expect(rows[folder] != nil, "docs/architecture.md lacks \(folder)") }
    }
    for name in rows.keys where name.contains("/") {
      #expect(
        FileManager.default.fileExists(atPath: Self.root.appending(path: "Sources/\(name)").path),
        "docs/architecture.md has \(name), which isn't there")
    }
  }

  @Test func `no folder has more than forty files`() throws {
    for room in try Self.listed().keys {
      let folders = Dictionary(
        grouping: try Self.files(below: "Sources/\(room)"),
        by: { $0.split(separator: "/").dropLast().joined(separator: "/") })
      for (folder, files) in folders { #expect(files.count <= 40, "\(room)/\(folder)") }
    }
  }
}
