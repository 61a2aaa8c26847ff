/// Keys that were called otherwise in earlier versions, whose recipes and runs are read all the same. In the
/// digest of a run they keep their former names, so that it stays what it was.
enum FormerKeys {
  private static let names = ["schedule.warmup": "schedule.warmup-fraction"]

  /// What a key was called; nil where it never had another name.
  static func former(of key: String) -> String? { names[key] }

  static func isFormer(_ key: String) -> Bool { names.values.contains(key) }

  /// What a key is called now.
  static func current(_ key: String) -> String {
    names.first { $0.value == key }?.key ?? key
  }
}
