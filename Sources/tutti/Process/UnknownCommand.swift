import ArgumentParser
import Files
import Recipes

/// Throws when a word stands where a subcommand should, and there is none of that name. The parser by
/// itself would complain of the first option after it.
func requireCommand(in words: [String]) throws(ValidationError) {
  var command: any ParsableCommand.Type = Tutti.self
  for word in words {
    let subcommands = command.configuration.subcommands
    if subcommands.isEmpty || word.hasPrefix("-") || word == "help" { return }
    guard let next = subcommands.first(where: { $0._commandName == word }) else {
      let names = subcommands.map { $0._commandName }
      let guess = nearestName(to: word, among: names).map { "did you mean `\($0)`?" }
      throw ValidationError(
        "there is no command `\(word)`; " + (guess ?? "there are " + names.joined(separator: ", ")))
    }
    command = next
  }
}

/// For a message about an option that doesn't exist and that is a key of the recipe by its name, here or
/// in other programs: how that key is set.
func settingHint(for message: String) -> String? {
  guard let option = message.firstMatch(of: /Unknown option '--([A-Za-z0-9_\-]+)'/)?.1,
    let key = Recipe.key(called: String(option))
  else { return nil }
  return "Keys of the recipe are set so: --set \(key)=VALUE"
}
