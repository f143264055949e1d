// Runs the loop in Node-RED, embedded and without its editor; prints {"seconds": ..., "even": ...} as JSON.
// usage: node node_red_loop.cjs FOLDER_OF_NODE_MODULES USER_FOLDER TURNS
const http = require("node:http");
const path = require("node:path");
const [, , modules, userFolder, turns] = process.argv;
const RED = require(path.join(modules, "node-red"));

// Function nodes are the quickest way that Node-RED has to set a value; Switch is its If.
const flow = [
  { id: "tab", type: "tab", label: "loop" },
  {
    id: "start", type: "inject", z: "tab", props: [{ p: "payload" }], once: true, onceDelay: 0.5, repeat: "",
    wires: [["begin"]],
  },
  { id: "begin", type: "function", z: "tab", outputs: 1, wires: [["loop"]],
    func: "return {i: 0, even: 0, began: Date.now()};" },
  { id: "loop", type: "switch", z: "tab", property: "i", propertyType: "msg", checkall: "false", outputs: 2,
    rules: [{ t: "lt", v: String(turns), vt: "num" }, { t: "else" }], wires: [["up"], ["end"]] },
  { id: "up", type: "function", z: "tab", outputs: 1, wires: [["ask"]],
    func: "msg.i += 1; msg.rest = msg.i % 2; return msg;" },
  { id: "ask", type: "switch", z: "tab", property: "rest", propertyType: "msg", checkall: "false", outputs: 2,
    rules: [{ t: "eq", v: "0", vt: "num" }, { t: "else" }], wires: [["add"], ["loop"]] },
  { id: "add", type: "function", z: "tab", outputs: 1, wires: [["loop"]], func: "msg.even += 1; return msg;" },
  { id: "end", type: "function", z: "tab", outputs: 0, wires: [],
    func: "global.get('report')((Date.now() - msg.began) / 1000, msg.even);" },
];

function report(seconds, even) {
  console.log(JSON.stringify({ seconds, even }));
  process.exit(0);
}

const storage = {
  init: async () => {},
  getFlows: async () => flow,
  getCredentials: async () => ({}),
  getSettings: async () => ({}),
  getSessions: async () => ({}),
  saveFlows: async () => {},
  saveCredentials: async () => {},
  saveSettings: async () => {},
  saveSessions: async () => {},
};

RED.init(http.createServer(), {
  userDir: userFolder,
  httpAdminRoot: false,
  httpNodeRoot: false,
  storageModule: storage,
  functionGlobalContext: { report },
  logging: { console: { level: "error", metrics: false, audit: false } },
});
RED.start();
