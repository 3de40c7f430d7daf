// Starts `netc lsp` and connects the editor to it; everything else is the server's.
const { commands, window, workspace } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

async function start() {
  const command = workspace.getConfiguration("netc").get("path") || "netc";
  client = new LanguageClient(
    "netc",
    "netc",
    { command, args: ["lsp"], transport: TransportKind.stdio },
    {
      documentSelector: [{ language: "net" }],
      synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.net") },
    },
  );
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(`netc: \`${command} lsp\` cannot be started (${error.message}); set "netc.path".`);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running && running.isRunning()) await running.stop();
}

async function activate(context) {
  context.subscriptions.push(
    commands.registerCommand("netc.restart", async () => {
      await stop();
      await start();
    }),
    workspace.onDidChangeConfiguration(async (event) => {
      if (!event.affectsConfiguration("netc.path")) return;
      await stop();
      await start();
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
