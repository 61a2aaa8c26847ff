import Foundation
import Glibc
import Support
import Synchronization
import Testing
import WorkerRun

extension EndToEnd {
  @Suite struct ServeTests {
    private static let photos = [
      "cross/00", "cross/03", "disc/01", "disc/04", "stripes/02", "stripes/05",
    ].map { "\(Photos.few)/\($0).jpg" }

    private static func data(_ path: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// A server that is asked by `body`, and then told to stop.
    private static func serve(
      _ options: [String], _ body: (HTTPClient, WorkerRun.Running) throws -> Void
    ) throws -> WorkerRun {
      var result: Result<Void, any Error>?
      let run = try tutti(["serve", "--port", "0"] + options) { running in
        guard result == nil,
          let port = running.output.firstMatch(of: /serving at http:\/\/127\.0\.0\.1:(\d+)\//)
            .flatMap({ Int($0.output.1) })
        else { return }
        result = Result { try body(HTTPClient(port: port), running) }
        kill(running.process, SIGTERM)
      }
      try result?.get()
      #expect(run.exitCode == 0 && result != nil, "\(run.errors)")
      return run
    }

    private static func model() throws -> [String] {
      ["--model", try Members.made.get().paths[0]]
    }

    /// Each photo's probabilities, as `tutti predict` prints them of the photo alone.
    private static func predicted(_ options: [String]) throws -> [String: Data] {
      var answers: [String: Data] = [:]
      for photo in photos {
        let run = try tutti(["predict", "--json"] + options + [photo])
        let row = try first(Data(run.output.utf8))
        answers[photo] = try canonical(try #require(row))
      }
      return answers
    }

    private struct Row: Codable, Equatable {
      let predicted: String
      let probabilities: [String: Double]
    }

    private static func first(_ json: Data) throws -> Row? {
      try JSONDecoder().decode([Row].self, from: json).first
    }

    /// Doubles are written with the digits that tell their bits.
    private static func canonical(_ row: Row) throws -> Data {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return try encoder.encode(row)
    }

    private struct Answers: Decodable {
      struct Answer: Decodable {
        struct Problem: Decodable {
          let code: Int
          let message: String
        }
        let name: String
        let predicted: String?
        let probabilities: [String: Double]?
        let heatMap: String?
        let error: Problem?
      }
      let photos: [Answer]
    }

    private static func answers(_ reply: HTTPClient.Reply) throws -> [Answers.Answer] {
      #expect(reply.code == 200, "\(reply.text)")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(Answers.self, from: reply.body).photos
    }

    private static func canonical(_ answer: Answers.Answer) throws -> Data {
      try canonical(
        Row(
          predicted: try #require(answer.predicted),
          probabilities: try #require(answer.probabilities)))
    }

    @Test(arguments: [
      (models: 1, options: [], query: ""),
      (models: 1, options: ["--reject", "0.9"], query: ""),
      (models: 3, options: [], query: ""),
      (models: 2, options: ["--tta", "eight"], query: "?tta=eight"),
    ])
    func `answers are predict's for the photo alone, whatever comes beside it`(
      models: Int, options: [String], query: String
    ) throws {
      let members = try Members.made.get().paths.prefix(models).flatMap { ["--model", $0] }
      let expected = try Self.predicted(members + options)
      // Views are asked for by the query.
      let own = options.first == "--tta" ? [] : options
      _ = try Self.serve(members + own + ["--set", "training.threads=3"]) { client, _ in
        let wrong = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { number in
          do {
            let connection = try client.open()
            for round in 0..<6 {
              let path = Self.photos[(number + round) % Self.photos.count]
              let photo = try Self.data(path)
              connection.send(
                HTTPClient.head(
                  "POST", "/predict" + query, ["Content-Type": "image/jpeg"], length: photo.count))
              connection.send(photo)
              let answer = try Self.canonical(try Self.answers(connection.receive())[0])
              if answer != expected[path] {
                wrong.withLock {
                  $0.append("\(path): \(String(decoding: answer, as: UTF8.self))")
                }
              }
            }
          } catch {
            wrong.withLock { $0.append("\(error)") }
          }
        }
        #expect(wrong.withLock { $0 } == [])
      }
    }

    /// Its members have unlike images, weights and a temperature.
    @Test func `a fitted ensemble answers as predict does`() throws {
      let folds = try FittedEnsembleTests.Folds.made.get()
      let path = try Scratch.path("ensemble")
      let fit = try tutti(["ensemble", "fit"] + folds.paths + ["--output", path])
      try #require(fit.exitCode == 0, "\(fit.errors)")
      let expected = try Self.predicted(["--model", path])
      _ = try Self.serve([path, "--set", "training.threads=2"]) { client, _ in
        for photo in Self.photos {
          let reply = try client.ask(about: Self.data(photo))
          #expect(try Self.canonical(try Self.answers(reply)[0]) == expected[photo])
        }
      }
    }

    @Test func `heat maps are predict's, and several photos of a form are answered together`()
      throws
    {
      let folder = try Scratch.path("maps")
      let run = try tutti(
        ["predict", "--heat-map", folder] + Self.model() + Self.photos.prefix(2))
      #expect(run.exitCode == 0, "\(run.errors)")
      let maps = try ["1-00.png", "2-03.png"].map { try Self.data("\(folder)/\($0)") }
      let name =
        "<script>alert(1)</script>\u{202E}\\\"" + String(repeating: "é", count: 150) + ".jpg"
      let sent = name.replacingOccurrences(of: "\"", with: "%22")
      var form = Data()
      for (name, bytes) in [
        (sent, try Self.data(Self.photos[0])), ("b.jpg", try Self.data(Self.photos[1])),
        ("bad.jpg", Data("hello".utf8)),
      ] {
        form += Data(
          "--x\"y\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"\(name)\"\r\n\r\n"
            .utf8)
        form += bytes + Data("\r\n".utf8)
      }
      form += Data("--x\"y--\r\n".utf8)
      _ = try Self.serve(Self.model()) { client, _ in
        let reply = try client.ask(
          "POST", "/predict?heat_map=1",
          ["Content-Type": "multipart/form-data; boundary=\"x\\\"y\""], body: form)
        #expect(reply.head.contains("Content-Type: application/json"))
        let answers = try Self.answers(reply)
        #expect(answers.map(\.name) == [sent, "b.jpg", "bad.jpg"])
        #expect(answers.prefix(2).map { $0.heatMap.flatMap { Data(base64Encoded: $0) } } == maps)
        #expect(answers[2].error?.code == 415 && answers[2].predicted == nil)
        #expect(answers[2].error?.message.contains("no JPEG, PNG or WebP but text") == true)
      }
    }

    /// A PNG file of some bytes that promise 30,000 × 30,000 pixels.
    private static let bomb = Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAdTAAAHUwCAIAAADpRW/tAAAAEUlEQVR4nGNgGAWjYBQMdwAAA+gAAbOm00Y=")

    @Test func `what can't be answered gets its code, a sentence, and harms nobody`() throws {
      let photo = try Self.data(Self.photos[0])
      let bomb = try #require(Self.bomb)
      let gif = Data("GIF89a".utf8) + Data(repeating: 1, count: 40)
      let form = ["Content-Type": "multipart/form-data; boundary=b"]
      let part = "--b\r\nContent-Disposition: form-data; name=\"p\"; filename=\"p\"\r\n\r\n"
      _ = try Self.serve(Self.model() + ["--largest-upload", "1", "--queue", "4"]) {
        client, running in
        func expect(_ code: Int, _ says: String, _ reply: HTTPClient.Reply) throws {
          #expect(reply.code == code && reply.text.contains(says), "\(reply.head)\n\(reply.text)")
          let document = try #require(
            try JSONSerialization.jsonObject(with: reply.body) as? [String: [String: Any]])
          #expect(document["error"]?["code"] as? Int == code)
        }
        for _ in 0..<3 {
          try expect(400, "damaged", client.ask(about: photo.prefix(photo.count / 2)))
          try expect(415, "GIF", client.ask(about: gif))
          try expect(
            415, "text/plain", client.ask(about: photo, "", ["Content-Type": "text/plain"]))
          try expect(413, "largest-photo", client.ask(about: bomb))
          try expect(413, "1048576 bytes", client.ask(about: Data(repeating: 0xFF, count: 3 << 20)))
          try expect(400, "empty", client.ask(about: Data()))
          try expect(400, "`heatmap`", client.ask(about: photo, "?heatmap=1"))
          try expect(400, "five-crop", client.ask(about: photo, "?tta=nine"))
          try expect(400, "hexadecimal", client.ask(about: photo, "?name=%zz"))
          try expect(
            400, "names no boundary",
            client.ask(about: photo, "", ["Content-Type": "multipart/form-data"]))
          try expect(400, "begin with its boundary", client.ask(about: photo, "", form))
          try expect(400, "cut off", client.ask(about: Data(part.utf8) + photo, "", form))
          try expect(
            400, "no file", client.ask(about: Data("--b\r\n\r\nx\r\n--b--".utf8), "", form))
          let many = Data(String(repeating: part + "x\r\n", count: 5).utf8) + Data("--b--".utf8)
          try expect(413, "more than 4 photos", client.ask(about: many, "", form))
          try expect(404, "/predict", client.ask("GET", "/../../etc/passwd"))
          try expect(405, "POST", client.ask("GET", "/predict"))
          try expect(405, "GET or HEAD", client.ask("POST", "/health", body: Data("x".utf8)))
          let broken = try client.open()
          broken.send("GET / HTTP/1.1\r\nHost localhost\r\n\r\n")
          try expect(400, "no HTTP/1.1 request", broken.receive())
          #expect(broken.isClosed)
          let long = try client.open()
          long.send("GET / HTTP/1.1\r\nX: \(String(repeating: "x", count: 70_000))")
          try expect(431, "too long", long.receive())
          // Whoever goes away amid a request, or before its answer.
          for count in [10, photo.count] {
            let gone = try client.open()
            gone.send(
              HTTPClient.head(
                "POST", "/predict", ["Content-Type": "image/jpeg"], length: photo.count))
            gone.send(photo.prefix(count))
          }
          #expect(try Self.answers(client.ask(about: photo)).count == 1)
        }
        // One connection, some requests, of which two come at once.
        let kept = try client.open()
        kept.send(HTTPClient.head("HEAD", "/") + HTTPClient.head("GET", "/nothing"))
        let head = try kept.receive(hasBody: false)
        #expect(head.code == 200 && head.head.contains("text/html"))
        #expect(try kept.receive().code == 404)
        kept.send(HTTPClient.head("GET", "/health"))
        #expect(try kept.receive().text == "{\"queue\":0,\"status\":\"ok\"}\n")
        kept.send(
          HTTPClient.head(
            "POST", "/predict", ["Expect": "100-continue", "Content-Type": "image/jpeg"],
            length: photo.count))
        #expect(try kept.receive().code == 100)
        kept.send(photo)
        #expect(try Self.answers(kept.receive())[0].name == "photo")

        let metrics = try client.ask("GET", "/metrics").text
        #expect(metrics.contains("tutti_requests_total{code=\"415\"} 6\n"))
        #expect(metrics.contains("tutti_batch_photos_bucket{le=\"1.0\"}"))
        #expect(metrics.contains("tutti_queue_photos 0\n"))
        let line = try #require(
          metrics.firstMatch(of: /(?m)^process_resident_memory_bytes (\d+)$/))
        #expect(try #require(Int(line.output.1)) > 1 << 20)
      }
    }

    @Test func `slow clients, floods and strangers are refused`() throws {
      let photo = try Self.data(Self.photos[0])
      let token = try Scratch.path("token")
      try Data("0123456789abcdef\n".utf8).write(to: URL(fileURLWithPath: token))
      let options = ["--request-timeout", "1", "--rate", "20", "--token-file", token]
      _ = try Self.serve(Self.model() + options) { client, _ in
        let own = ["Authorization": "Bearer 0123456789abcdef"]
        #expect(try client.ask(about: photo, "", own).code == 200)
        for field in ["Bearer 0123456789abcdeg", "Bearer ", "Basic 0123456789abcdef"] {
          let reply = try client.ask(about: photo, "", ["Authorization": field])
          #expect(reply.code == 401 && reply.head.contains("WWW-Authenticate: Bearer"))
        }
        #expect(try client.ask("GET", "/metrics").code == 401)
        #expect(try client.ask("GET", "/").code == 200)

        let slow = try ["GET /hea", HTTPClient.head("POST", "/predict", own, length: 9) + "half"]
          .map {
            let connection = try client.open()
            connection.send($0)
            return connection
          }
        for connection in slow {
          let reply = try connection.receive()
          #expect(reply.code == 408 && reply.text.contains("wasn't there within"), "\(reply)")
          #expect(connection.isClosed)
        }
        var codes: [Int] = []
        for _ in 0..<20 {
          let reply = try client.ask(about: photo, "", own)
          codes.append(reply.code)
          if reply.code == 429 {
            #expect(try reply.head.contains(Regex("Retry-After: [1-9]")))
          }
        }
        #expect(codes.first == 200 && codes.last == 429)
        #expect(try client.ask("GET", "/health").code == 200)
      }
    }

    @Test func `SIGHUP loads the model again, and a bad one leaves the old`() throws {
      let members = try Members.made.get()
      let link = try Scratch.path("current")
      let files = FileManager.default
      func point(to path: String) throws {
        try? files.removeItem(atPath: link)
        try files.createSymbolicLink(atPath: link, withDestinationPath: path)
      }
      try point(to: members.paths[0])
      let expected = try members.paths.prefix(2).map { path in
        let answers = try Self.predicted(["--model", path])
        return try #require(answers[Self.photos[0]])
      }
      let photo = try Self.data(Self.photos[0])
      let run = try Self.serve([link]) { client, running in
        func answer() throws -> Data {
          try Self.canonical(try Self.answers(client.ask(about: photo))[0])
        }
        func reload(until line: String) throws {
          kill(running.process, SIGHUP)
          for _ in 0..<200 {
            if try client.ask("GET", "/metrics").text.contains(line) { return }
            usleep(20_000)
          }
          Issue.record("no \(line)")
        }
        #expect(try answer() == expected[0])
        try point(to: members.paths[1])
        try reload(until: "tutti_reloads_total{result=\"loaded\"} 1\n")
        #expect(try answer() == expected[1])
        try point(to: "/nowhere")
        try reload(until: "tutti_reloads_total{result=\"failed\"} 1\n")
        #expect(try answer() == expected[1])
      }
      #expect(run.errors.contains("can't be loaded again, and the old one goes on"))
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a server that is told to stop answers what is in flight`(signal: Int32) throws {
      let photo = try Self.data(Self.photos[0])
      _ = try Self.serve(Self.model()) { client, running in
        let (idle, busy) = (try client.open(), try client.open())
        busy.send(
          HTTPClient.head("POST", "/predict", ["Content-Type": "image/jpeg"], length: photo.count))
        busy.send(photo.prefix(100))
        // Its head is known when another answer has come.
        #expect(try client.ask("GET", "/health").code == 200)
        kill(running.process, signal)
        #expect(idle.isClosed)
        busy.send(photo.dropFirst(100))
        let reply = try busy.receive()
        #expect(try Self.answers(reply).count == 1)
        #expect(reply.head.lowercased().contains("connection: close") && busy.isClosed)
        #expect(throws: HTTPClient.Broken.self) { try client.open() }
      }
    }

    @Test func `what can't be served is told in a line`() throws {
      let nothing = try tutti(["serve", "/nowhere"])
      #expect(nothing.exitCode == 65 && nothing.complaints.count == 1, "\(nothing.errors)")
      let token = try Scratch.path("token")
      try Data("short\n".utf8).write(to: URL(fileURLWithPath: token))
      let short = try tutti(["serve", "--token-file", token] + Self.model())
      #expect(short.exitCode == 65 && short.errors.contains("holds no token"), "\(short.errors)")
      #expect(try tutti(["serve"]).exitCode == 64)
      _ = try Self.serve(Self.model()) { client, _ in
        #expect(client.port > 0)
      }
    }
  }
}
