/// Comma-separated values by RFC 4180: fields may be in double quotes, inside which commas and line
/// breaks stand for themselves and a quote is doubled. Lines end with LF, CRLF or, as some spreadsheets
/// of Macs have it, CR.
package enum CSV {
  package struct Record: Equatable {
    /// Where it starts, from 1.
    package let line: Int
    package let fields: [String]
  }

  /// What is wrong with a text, and where.
  package struct Problem: Error, Equatable {
    package let line: Int
    package let text: String
  }

  /// The records of a UTF-8 text, with or without a byte order mark; empty lines are left out.
  package static func records(of text: [UInt8]) throws(Problem) -> [Record] {
    if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) {
      throw Problem(line: 1, text: "the file is UTF-16; save it as CSV in UTF-8")
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var reader = Reader(text: text.starts(with: mark) ? text.dropFirst(mark.count) : text[...])
    var records: [Record] = []
    while let record = try reader.next() {
      if record.fields != [""] { records.append(record) }
    }
    return records
  }

  /// One record, as a line with its LF.
  package static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    let special = Set("\",\r\n".utf8)
    // A byte order mark that stands first in a file would be taken for the file's.
    guard field.utf8.contains(where: special.contains) || field.startsExactly(with: "\u{FEFF}")
    else { return field }
    return "\"" + field.pieces(at: "\"", keepingEmpty: true).joined(separator: "\"\"") + "\""
  }

  private struct Reader {
    private static let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    private static let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))

    let text: ArraySlice<UInt8>
    private var place: Int
    private var line = 1

    init(text: ArraySlice<UInt8>) {
      self.text = text
      place = text.startIndex
    }

    mutating func next() throws(Problem) -> Record? {
      guard place < text.endIndex else { return nil }
      let start = line
      var fields: [String] = []
      while true {
        let bytes = current == Self.quote ? try quotedField() : try plainField()
        guard let field = String(validating: bytes, as: UTF8.self) else {
          throw Problem(line: line, text: "not UTF-8; convert it: iconv -f latin1 -t utf8")
        }
        fields.append(field)
        guard try endsField() else { return Record(line: start, fields: fields) }
      }
    }

    private var current: UInt8? { place < text.endIndex ? text[place] : nil }

    private var isAtLineEnd: Bool { current == Self.lineFeed || current == Self.carriageReturn }

    /// Steps over what ends a field: true for a comma, false for the end of the line or file.
    private mutating func endsField() throws(Problem) -> Bool {
      if current == Self.comma {
        place += 1
        return true
      }
      guard current == nil || isAtLineEnd else {
        throw Problem(
          line: line,
          text: "text after a closing double quote; a quote inside a field is written twice")
      }
      stepOverLineEnd()
      return false
    }

    /// CRLF is one.
    private mutating func stepOverLineEnd() {
      guard let first = current else { return }
      place += 1
      if first == Self.carriageReturn, current == Self.lineFeed { place += 1 }
      line += 1
    }

    private mutating func plainField() throws(Problem) -> [UInt8] {
      let start = place
      while let byte = current, byte != Self.comma, !isAtLineEnd {
        guard byte != Self.quote else {
          throw Problem(
            line: line,
            text: "a double quote inside a field; put the field in quotes and write it twice")
        }
        place += 1
      }
      return Array(text[start..<place])
    }

    private mutating func quotedField() throws(Problem) -> [UInt8] {
      let start = line
      var bytes: [UInt8] = []
      place += 1
      while let byte = current {
        place += 1
        if byte == Self.quote {
          guard current == Self.quote else { return bytes }
          place += 1
        }
        let isCRLF = byte == Self.carriageReturn && current == Self.lineFeed
        if byte == Self.lineFeed || byte == Self.carriageReturn && !isCRLF { line += 1 }
        bytes.append(byte)
      }
      throw Problem(line: start, text: "a double quote is never closed")
    }
  }
}
