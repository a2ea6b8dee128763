// The program of a child process: reads every file of a folder as alva reads files from elsewhere, and prints what came of it.
// Its own process, with a small heap and a time limit, that a file which hangs, crashes or fills it is caught.
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, folder] = process.argv.slice(2);
const from = (file) => import(pathToFileURL(join(dist, file)).href);
const { AlvaError } = await from('base/errors.js');
const { readFileSpace } = await from('embed/files.js');
const { stateBelowHead } = await from('embed/head.js');
const { ggufModels, ggufParts } = await from('embed/ggufparts.js');
const { extracted, outlineOf } = await from('embed/outline.js');
const { readSentences } = await from('embed/sentences.js');
const { lastHiddenState, layerStates } = await from('embed/tap.js');
const { Graph } = await from('graph/graph.js');
const { rebuilt } = await from('graph/imported.js');
const { readModelFile } = await from('graph/modelfile.js');
const { configOf } = await from('study/config.js');
const { readConfigFile } = await from('study/configfile.js');

/** Every way in which a file with this ending is read; each has to answer or to refuse by itself. */
const config = (path) => configOf(readConfigFile(path));
const sentences = (path) => readSentences(path);
const table = (path) => readFileSpace(path, { sentenceColumn: 'text' });
/** With sizes that whoever rebuilds a model chooses. */
function again(model) {
  const graph = new Graph();
  const sides = (shape) => shape.map((side) => (side > 0 && side < 64 ? side : 2));
  const input = ({ name, shape }) => graph.input(name, sides(shape), /_(ids|mask)$/.test(name) ? 'int64' : 'float32');
  rebuilt(graph, model, Object.fromEntries(model.inputs.map((each) => [each.name, input(each)])));
}

const ways = {
  '.onnx': [
    (path) => readModelFile(readFileSync(path)),
    (path) => outlineOf(readFileSync(path)),
    (path) => extracted(readFileSync(path), ['y']),
    (path) => lastHiddenState(outlineOf(readFileSync(path))),
    (path) => stateBelowHead(outlineOf(readFileSync(path))),
    (path) => layerStates(outlineOf(readFileSync(path)), 2),
    (path) => again(readModelFile(readFileSync(path))),
  ],
  '.gguflist': [
    (path) => {
      const names = readFileSync(path, 'utf8').split('\n');
      return ggufModels(names).map((name) => ggufParts(name, names));
    },
  ],
  '.yaml': [config],
  '.json': [config],
  '.txt': [sentences],
  '.csv': [sentences, readFileSpace, table],
  '.tsv': [sentences, readFileSpace, table],
  '.jsonl': [readFileSpace, table],
};

const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
const keysOf = () => prototypes.map((each) => Reflect.ownKeys(each).length).join();
const before = keysOf();
const told = { read: 0, refused: 0, slowest: 0, slowestFile: '', messages: {} };

/** On standard error before anything else happens; a pipe may be full for a moment. */
function atOnce(text) {
  for (;;)
    try {
      return writeSync(2, text);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
}

for (const file of readdirSync(folder).sort()) {
  atOnce(`${file}\n`); // the last one is where it ended, however it did
  for (const read of ways[extname(file)] ?? [readFileSpace]) {
    const start = performance.now();
    try {
      await read(join(folder, file));
      told.read++;
    } catch (error) {
      if (!(error instanceof AlvaError)) throw error;
      told.refused++;
      told.messages[file] = [told.messages[file] ?? [], error.message].flat().join('\n');
    }
    const took = performance.now() - start;
    if (took > told.slowest) Object.assign(told, { slowest: took, slowestFile: file });
    if (keysOf() !== before) throw new Error('a prototype was changed');
  }
}
const { maxRSS } = process.resourceUsage();
process.stdout.write(JSON.stringify({ ...told, mebibytes: Math.round(maxRSS / 1024) }));
