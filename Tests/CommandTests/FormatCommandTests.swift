import Foundation
import Testing

@Suite struct FormatCommandTests {
  private let ugly = "net  A{\ninput x:f32[2]  # two\noutput y=x->linear( 2 )}\n"
  private let pretty = "net A {\n  input x: f32[2]  # two\n  output y = x -> linear(2)\n}\n"

  @Test func filesAreFormattedInPlaceAndKeepTheirPermissions() throws {
    let folder = try TestFolder()
    let path = try folder.write("a.net", ugly)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    let run = try NetcProcess(["fmt", "a.net"], in: folder.path)
    #expect(run.status == 0)
    #expect(run.output == "a.net: formatted\n")
    #expect(try folder.text("a.net") == pretty)
    #expect(folder.names() == ["a.net"])
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
    let again = try NetcProcess(["fmt", "a.net"], in: folder.path)
    #expect(again.status == 0)
    #expect(again.output.isEmpty)
  }

  @Test func checkChangesNothing() throws {
    let folder = try TestFolder()
    try folder.write("a.net", ugly)
    try folder.write("b.net", pretty)
    let run = try NetcProcess(["fmt", "--check", "a.net", "b.net"], in: folder.path)
    #expect(run.status == 1)
    #expect(run.output == "a.net: would be formatted\n")
    #expect(try folder.text("a.net") == ugly)
    #expect(try NetcProcess(["fmt", "--check", "b.net"], in: folder.path).status == 0)
  }

  @Test func standardInputGoesToStandardOutput() throws {
    let folder = try TestFolder()
    try folder.write("a.net", ugly)
    let run = try NetcProcess(script: "$NETC fmt - < a.net", in: folder.path)
    #expect(run.status == 0)
    #expect(run.output == pretty)
    #expect(try NetcProcess(script: "$NETC fmt - --check < a.net", in: folder.path).status == 1)
  }

  @Test func mistakesAreShownAndTheFileStays() throws {
    let folder = try TestFolder()
    try folder.write("a.net", "net A { input x: f32[2 }")
    try folder.write("b.net", ugly)
    let run = try NetcProcess(["fmt", "a.net", "b.net"], in: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.contains("error[N013]"), "\(run.errors)")
    #expect(try folder.text("a.net") == "net A { input x: f32[2 }")
    #expect(try folder.text("b.net") == pretty)
    #expect(try NetcProcess(["fmt", "no.net"], in: folder.path).status == 66)
  }

  @Test func modelsAreFormatted() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: NetcProcess.models).filter { $0.hasSuffix(".net") }
    let run = try NetcProcess(["fmt", "--check"] + names.sorted(), in: NetcProcess.models)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
  }
}
