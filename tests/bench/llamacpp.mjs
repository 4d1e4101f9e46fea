// Speed of stock llama.cpp (npm package node-llama-cpp, prebuilt) on a GGUF file:
//   node llamacpp.mjs MODEL THREADS PROMPT DECODE DEPTH REPETITIONS
// One line of JSON: prefill and decode tokens per second, one value per repetition after a warm-up.
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";
import path from "node:path";

const home = process.env.TRILOBIT_LLAMA_NODE ?? process.cwd();
const require = createRequire(path.join(home, "package.json"));
const {getLlama, LlamaLogLevel} = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);

const [file, ...numbers] = process.argv.slice(2);
const [threads, prompt, decode, depth, repetitions] = numbers.map(Number);
const llama = await getLlama({gpu: false, logLevel: LlamaLogLevel.error, build: "never", maxThreads: threads});
const model = await llama.loadModel({modelPath: file});
const context = await model.createContext({
    contextSize: Math.max(prompt, depth + decode) + 64, batchSize: 512, threads: {ideal: threads, min: threads}
});
const sequence = context.getSequence();
const vocabulary = model.fileInfo.metadata.tokenizer.ggml.tokens.length;
let state = 1;
const token = () => (state = (state * 1103515245 + 12345) % 2147483648) % vocabulary;
const tokens = count => Array.from({length: count}, token);
const seconds = async work => {
    const start = process.hrtime.bigint();
    await work();
    return Number(process.hrtime.bigint() - start) / 1e9;
};
const fill = list => sequence.evaluateWithoutGeneratingNewTokens(list);

const result = {prefill: [], decode: []};
for (let i = 0; i <= repetitions; ++i) {
    if (prompt > 0) {
        await sequence.clearHistory();
        const rate = prompt / await seconds(() => fill(tokens(prompt)));
        if (i > 0)
            result.prefill.push(rate);
    }
    if (decode > 0) {
        await sequence.clearHistory();
        if (depth > 0)
            await fill(tokens(depth));
        const time = await seconds(async () => {
            // One token in, logits out, as when text is written.
            for (let k = 0; k < decode; ++k) {
                const step = sequence.evaluate([token()], {temperature: 0});
                await step.next();
                await step.return();
            }
        });
        if (i > 0)
            result.decode.push(decode / time);
    }
}
console.log(JSON.stringify(result));
process.exit(0);
