// Negative log likelihoods by stock llama.cpp, for comparison: node nll.mjs MODEL.gguf CHUNKS.json FIRST
// CHUNKS.json is a list of lists of token ids, each evaluated on its own. Prints {"nll": [[...], ...]}: of the tokens FIRST,
// FIRST + 1, ... of each chunk, given those before them. Needs the npm package node-llama-cpp in the current folder.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

const require = createRequire(pathToFileURL(process.cwd() + "/"));
const {getLlama, LlamaLogLevel} = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const [, , path, file, first] = process.argv;
const chunks = JSON.parse(readFileSync(file, "utf8"));
const llama = await getLlama({gpu: false, logLevel: LlamaLogLevel.error, build: "never"});
const model = await llama.loadModel({modelPath: path});
const context = await model.createContext({contextSize: Math.max(...chunks.map(c => c.length)) + 8, threads: 2});
const sequence = context.getSequence();
const nll = [];
for (const ids of chunks) {
    await sequence.clearHistory();
    const input = ids.map((id, i) => {
        if (i + 1 < Number(first) || i + 1 >= ids.length)
            return id;
        // Without a temperature the selected token is the one with the largest logit (includeMax does not add it).
        const logits = {filter: {tokens: [ids[i + 1]], includeSelected: true}};
        return [id, {generateNext: {logits, totalLogitWeight: true}}];
    });
    const results = await sequence.controlledEvaluate(input);
    const row = [];
    for (let i = Number(first) - 1; i + 1 < ids.length; ++i) {
        const {logits, totalLogitWeight} = results[i].next;
        const values = [...logits.values()];
        row.push(Math.log(totalLogitWeight) + Math.max(...values) - logits.get(ids[i + 1]));
    }
    nll.push(row);
}
console.log(JSON.stringify({nll}));
process.exit(0);
