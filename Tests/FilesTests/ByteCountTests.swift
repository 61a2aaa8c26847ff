import Files
import Testing

@Suite struct ByteCountTests {
  @Test(
    arguments: [
      (0, "0 bytes"), (9, "9 bytes"), (999, "999 bytes"),
      (1000, "1.0 kB"), (9_949, "9.9 kB"), (9_951, "10 kB"), (999_499, "999 kB"),
      (999_500, "1.0 MB"), (1_000_000, "1.0 MB"), (12_345_678, "12 MB"), (999_499_999, "999 MB"),
      (999_500_000, "1.0 GB"), (1_440_000_000, "1.4 GB"), (2_500_000_000_000, "2500.0 GB"),
    ])
  func `is shown in the largest unit that leaves a whole part`(bytes: Int, text: String) {
    #expect(ByteCount(bytes).description == text)
  }

  @Test(
    arguments: [
      ("600MB", 600_000_000), ("1.5 GB", 1_500_000_000), ("4GiB", 4 << 30), ("1kB", 1000),
      ("0.5KiB", 512),
    ])
  func `is read with its unit`(text: String, bytes: Int) {
    #expect(ByteCount(text)?.bytes == bytes)
  }

  @Test(arguments: ["", "600", "MB", "-1GB", "1e3MB", "infGB", "0MB", "1  GB", "1gb", "99999999TB"])
  func `what isn't a number of bytes is refused`(text: String) {
    #expect(ByteCount(text) == nil)
  }
}
