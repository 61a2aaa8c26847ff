/// Reads a recipe key by key. `read` is the one declaration of a key: it parses, falls back on the
/// default, and records the value for the resolved recipe. `refuseUnknownKeys` notes what was never read.
struct RecipeReader {
  private let source: RecipeSource
  private(set) var settings: [Recipe.Setting] = []
  /// Keys of rules that weren't chosen, with their defaults.
  private(set) var idle: [Recipe.Setting] = []
  private var problems: [String] = []
  /// Problems beyond those that are told.
  private var untold = 0
  /// Keys whose values are not allowed.
  private var misread: Set<String> = []

  init(_ source: RecipeSource) { self.source = source }

  /// What is wrong so far; nil if nothing is.
  var error: RecipeError? {
    if problems.isEmpty { return nil }
    return RecipeError(
      problems + (untold > 0 ? ["and \(untold) more, which are told when these are mended"] : []))
  }

  /// A file that isn't a recipe has thousands of problems, which nobody reads; they aren't worded.
  private mutating func note(_ error: @autoclosure () -> RecipeError) {
    guard problems.count < Self.mostProblems else {
      untold += 1
      return
    }
    let new = error().problems
    let told = new.prefix(Self.mostProblems - problems.count)
    problems += told
    untold += new.count - told.count
  }

  private static let mostProblems = 20

  /// The value of a key. Keys are resolved and documented in the order of these calls. A value that
  /// is not allowed is noted as a problem, and the default returned.
  mutating func read<Value>(
    _ key: String, _ kind: RecipeKind<Value>, default standard: Value, affectsResults: Bool = true
  ) -> Value {
    let written = written(key)
    var value = standard
    if let written {
      do {
        value = try kind.parse(written)
      } catch {
        note(error)
        misread.insert(key)
      }
    }
    let effect = kind.effect(value)
    settings.append(
      Recipe.Setting(
        key: key, value: kind.write(value), effect: effect,
        isDefault: effect == kind.effect(standard), allowed: kind.allowed,
        affectsResults: affectsResults, place: written?.place))
    return value
  }

  /// What was written under a key's name or its former one; of a file and the command line, the latter.
  private mutating func written(_ key: String) -> RecipeValue? {
    guard let name = FormerKeys.former(of: key), let former = source[name] else {
      return source[key]
    }
    guard let current = source[key] else { return former }
    switch (former.origin, current.origin) {
    case (.file, .override): return current
    case (.override, .file): return former
    default:
      note(former.error("`\(name)` is what `\(key)` was called before; leave one of them out"))
      return current
    }
  }

  /// The value of a key that may also be a word such as `none`, which is nil.
  mutating func read<Value>(
    _ key: String, _ kind: RecipeKind<Value>, or word: String, default standard: Value?,
    affectsResults: Bool = true
  ) -> Value? {
    read(key, kind.or(word), default: standard, affectsResults: affectsResults)
  }

  /// The rule that a word stands for, with the keys that it reads of its own. Those that the other
  /// words' rules would read are known then, too.
  ///
  /// - Parameters:
  ///   - key: what the word was read from.
  ///   - make: reads a rule's keys and makes it.
  mutating func rule<Word: RawRepresentable<String> & CaseIterable & Equatable, Rule>(
    of key: String, _ word: Word, _ make: (Word, inout RecipeReader) -> Rule
  ) -> Rule {
    let first = settings.count
    let rule = make(word, &self)
    for index in settings[first...].indices {
      settings[index].rule = Recipe.RuleChoice(key: key, words: [word.rawValue])
    }
    for other in Word.allCases where other != word {
      var reader = RecipeReader(RecipeSource())
      _ = make(other, &reader)
      for var setting in reader.settings where !settings.contains(where: { $0.key == setting.key })
      {
        if let index = idle.firstIndex(where: { $0.key == setting.key }) {
          idle[index].rule?.words.append(other.rawValue)
        } else {
          setting.rule = Recipe.RuleChoice(key: key, words: [other.rawValue])
          idle.append(setting)
        }
      }
    }
    return rule
  }

  /// Notes a problem between several keys, at the first of them that was written.
  mutating func require(_ holds: Bool, _ keys: String..., otherwise problem: String) {
    if holds { return }
    let place = keys.compactMap { source[$0]?.place }.first
    note(RecipeError(at: place ?? keys[0], problem))
  }

  /// Notes a key that was set to another value than its default where that has no effect. In a file it
  /// may be for nothing where the command line says otherwise than the file, and in a run's own, which
  /// may be of an earlier version.
  ///
  /// - Parameters:
  ///   - other: the key that lets it have an effect.
  ///   - isUsed: whether it does.
  ///   - reason: why not, and what to do.
  mutating func require(
    useOf key: String, by other: String, _ isUsed: Bool, isSaved: Bool, otherwise reason: String
  ) {
    guard !isUsed, let value = source[key], !(settings.first { $0.key == key }?.isDefault ?? true)
    else { return }
    if case .file = value.origin {
      if isSaved { return }
      if case .override = source[other]?.origin { return }
    }
    note(value.error("`\(key)` \(reason)"))
  }

  /// Notes each key that was written but not read.
  ///
  /// - Parameter isSaved: the file is a run's own; one of an earlier version has the keys of all rules.
  mutating func refuseUnknownKeys(isSaved: Bool) {
    let names = RecipeNames(keys: settings.map(\.key), idle: idle)
    let read = Set(settings.map(\.key))
    let sections = Set(read.map { RecipeNames.section(of: $0) })
    var refused: Set<String> = []  // sections with a line of their own, which speaks for their keys
    for value in source.values where !refused.contains(RecipeNames.section(of: value.key)) {
      if problems.count >= Self.mostProblems {
        let isSection = value.isSection && sections.contains(value.key)
        if !isSection, !read.contains(FormerKeys.current(value.key)) { untold += 1 }
        continue
      }
      let key = FormerKeys.current(value.key)
      if read.contains(key) {
        if value.isSection { refused.insert(value.key) }  // `read` noted a map that is no section
      } else if let setting = idle.first(where: { $0.key == key }) {
        if !isSaved, let problem = problem(with: value, of: setting) {
          note(value.error(problem))
        }
      } else if let problem = names.problem(with: value) {
        note(value.error(problem))
        refused.insert(value.key)
      }
    }
  }

  /// What is wrong with a key of a rule that wasn't chosen. A rule that the command line puts in the
  /// place of the file's takes the old one's keys with it.
  private func problem(with value: RecipeValue, of setting: Recipe.Setting) -> String? {
    guard let rule = setting.rule, !misread.contains(rule.key) else { return nil }
    if case .override = source[rule.key]?.origin, case .file = value.origin { return nil }
    let chosen = settings.first { $0.key == rule.key }?.value ?? ""
    return
      "`\(value.key)` belongs to `\(rule.key): \(rule.words.joined(separator: "` or `"))`, but "
      + "`\(rule.key)` is `\(chosen)`; leave it out"
  }
}
