// Greedy continuation by stock llama.cpp, for comparison: node greedy.mjs MODEL.gguf ID,ID,... COUNT [ADAPTER.gguf]
// Prints {"ids": [...]}. Needs the npm package node-llama-cpp in the current folder.
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

const require = createRequire(pathToFileURL(process.cwd() + "/"));
const {getLlama, LlamaLogLevel} = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const [, , path, ids, count, adapter] = process.argv;
const llama = await getLlama({gpu: false, logLevel: LlamaLogLevel.error, build: "never"});
const model = await llama.loadModel({modelPath: path});
const context = await model.createContext({contextSize: 256, threads: 1, ...(adapter ? {lora: adapter} : {})});
const out = [];
for await (const id of context.getSequence().evaluate(ids.split(",").map(Number), {temperature: 0})) {
    out.push(id);
    if (out.length >= Number(count))
        break;
}
console.log(JSON.stringify({ids: out}));
process.exit(0);
