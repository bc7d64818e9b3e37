// Starts the language server for .layout files.
const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = () => {
  const [command, ...args] = workspace.getConfiguration("mapproof").get("command");
  client = new LanguageClient("mapproof", { command, args }, { documentSelector: [{ language: "layout" }] });
  return client.start();
};

exports.deactivate = () => client?.stop();
