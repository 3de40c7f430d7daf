import Foundation
import Testing

private let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .first { FileManager.default.isExecutableFile(atPath: $0) }

/// A report in a real browser, where one is installed.
@Suite(.enabled(if: browser != nil, "no Chromium is installed")) struct ReportBrowserTests {
  /// Shows the report as a phone does and says what is seen of it.
  private static let page = """
    <!DOCTYPE html><html><body><iframe id="frame" src="run/report.html" width="360" height="640"></iframe><pre id="seen"></pre>
    <script>
    onload = () => {
      const page = document.getElementById("frame").contentDocument;
      const images = [...page.images];
      const height = element => element.getBoundingClientRect().height;
      const size = element => parseFloat(page.defaultView.getComputedStyle(element).fontSize);
      const texts = [...page.querySelectorAll("body *")].filter(
        e => e.children.length == 0 && e.textContent.trim() && !e.closest("svg"));
      document.getElementById("seen").textContent = [
        page.documentElement.scrollWidth, images.length, images.filter(i => i.complete && i.naturalWidth > 0).length,
        [...page.querySelectorAll("svg")].filter(s => height(s) > 20).length, Math.min(...texts.map(size)),
        [...page.querySelectorAll("h2")].map(h => h.textContent).join("/")].join("|");
    };
    </script></body></html>
    """

  @Test(.timeLimit(.minutes(15))) func reportIsReadableOnAPhone() throws {
    let folder = try TestFolder()
    #expect(try NetcProcess(["new", "photos"], in: folder.path).status == 0)
    let run = try NetcProcess(
      ["run", "photos/photos.net", "--epochs", "2", "--out", "run", "--progress", "none"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    try folder.write("page.html", Self.page)
    let shown = try NetcProcess(
      script: """
        \(try #require(browser)) --headless --no-sandbox --disable-gpu --allow-file-access-from-files \
        --user-data-dir=profile --virtual-time-budget=5000 --dump-dom file://$PWD/page.html 2>/dev/null
        """, in: folder.path)
    let seen =
      shown.output.components(separatedBy: "<pre id=\"seen\">").last?.components(separatedBy: "</pre>").first ?? ""
    let parts = seen.components(separatedBy: "|")
    try #require(parts.count == 6, "\(shown.output)")
    // Nothing is wider than the screen, every picture is there, no text is tiny.
    #expect(try #require(Int(parts[0])) <= 360)
    #expect(parts[1] == "24" && parts[2] == "24")
    #expect(parts[3] == "3")
    #expect(try #require(Double(parts[4])) >= 10)
    #expect(parts[5] == "Curves/Confusion matrix/Classes/Worst examples/The net/Configuration/Timing")
  }
}
