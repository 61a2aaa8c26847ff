import ArgumentParser
import DataParallel
import Experiments
import Files
import Glibc
import Inference
import MPI
import Reporting
import Serving

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answers over HTTP what photos show, by a trained model or an ensemble.",
    discussion: """
      POST /predict takes a photo (JPEG, PNG, WebP), or several as multipart/form-data, and gives what tutti predict \
      says of each alone, bit for bit; GET / is a page where photos are dropped and seen with their heat maps. \
      docs/serve.md has the rest, and a unit for systemd.

      SIGHUP loads the model again, beside the old one, which goes on where the new one can't be had. SIGTERM and SIGINT \
      end the server when what has begun to come is answered, with exit code 0.

      EXAMPLES
        tutti serve runs/mine
        tutti serve --model runs/a --model runs/b --reject 0.6 --port 9000
        tutti serve runs/cv --host 0.0.0.0 --token-file token --rate 120
        curl --data-binary @party.jpg localhost:8080/predict
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's folder (its best checkpoint; RUN@last: its newest), a checkpoint, a cross-validation's or an ensemble's "
        + "folder, or a file of pretrained weights.",
      valueName: "model"),
    completion: .file())
  var path: String?

  @Option(
    help: ArgumentHelp("The same; may be repeated, and then their mean counts.", valueName: "path"),
    completion: .file())
  var model: [String] = []

  @Option(help: ArgumentHelp("0: any that is free.", valueName: "number"))
  var port = 8080

  @Option(
    help: ArgumentHelp(
      "The address to listen at: 127.0.0.1 is for this machine alone, 0.0.0.0 for all that reach it.",
      valueName: "address"))
  var host = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      "A file with the token that clients must show (Authorization: Bearer TOKEN).",
      valueName: "file"),
    completion: .file())
  var tokenFile: String?

  @Option(
    help: ArgumentHelp(
      "Says `none of these` of a photo whose classes are all less probable.",
      valueName: "probability"))
  var reject: Double?

  @OptionGroup var viewing: ViewOptions

  @OptionGroup var changes: RunSettingOptions

  @OptionGroup var limiting: ServerLimitOptions

  func validate() throws {
    try viewing.check(beside: changes.settings)
    if (path == nil) == model.isEmpty {
      throw ValidationError("name the model: tutti serve MODEL, or --model A --model B")
    }
    if !(0...65535).contains(port) { throw ValidationError("--port \(port): 0 to 65535") }
    if let reject, !(0...1).contains(reject) {
      throw ValidationError("--reject \(reject): a probability is a number from 0 to 1")
    }
  }

  func run() throws {
    let signals = ServerSignals()
    do {
      let token = try tokenFile.map { try Token(file: $0) }
      let world = try MPI.initialize()
      if world.communicator.size > 1 {
        throw SeveralServers(ranks: world.communicator.size)
      }
      nameProcess(rank: 0)
      let server = try Server(
        load(world), host: host, port: port, viewNames: ReadyModel.viewNames, token: token,
        limits: limiting.limits)
      Console().text(
        "serving at http://\(host.contains(":") ? "[\(host)]" : host):\(server.port)/\n")
      if token == nil, !["127.0.0.1", "::1", "localhost"].contains(host) {
        say("everybody who reaches \(host) may ask: there is no --token-file")
      }
      while signals.next() == .reload { reload(server, world) }
      say("stopping, when what has come is answered")
      server.stop()
      try world.finalize()
      Glibc.exit(DataParallel.ExitCode.done.rawValue)
    } catch let error as AgreedError {
      say(error.lines, .bad)
      Glibc.exit(error.exitCode.rawValue)
    } catch {
      endProcess(with: error)
    }
  }

  private func load(_ world: World) throws -> ReadyModel {
    let model = try ReadyModel.load(
      path.map { [$0] } ?? model, settings: limiting.settings + viewing.settings + changes.settings,
      rejectingBelow: reject, world: world)
    for line in model.notes { say(line) }
    for path in model.paths { say("loaded \(path)") }
    return model
  }

  private func reload(_ server: Server, _ world: World) {
    do {
      server.serve(try load(world))
    } catch {
      server.noteFailedReload()
      let lines = (error as? AgreedError)?.lines ?? harmlessLines(of: error)
      say(["the model can't be loaded again, and the old one goes on:"] + lines, .warning)
    }
  }
}

/// Ranks of mpirun that would all listen at one port.
struct SeveralServers: UnusableInput, CustomStringConvertible {
  let ranks: Int

  var description: String {
    "a server is one process, and mpirun has started \(ranks): start it without; --set training.threads=N has N "
      + "threads"
  }
}
