import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { continued, deviceWarning, openOnDevice, runsOn } from '../../src/alm/device.ts';
import type { RunsOn } from '../../src/base/trainingrecords.ts';
import { Graph } from '../../src/graph/graph.ts';
import { loop } from '../../src/graph/loops.ts';
import { onnxModel } from '../../src/graph/model.ts';
import * as op from '../../src/graph/operators.ts';
import { onnxRuntime } from '../../src/onnx.ts';

const without = { version: '1.0.0', providers: ['cpu'], installCuda: 'fetch it', hasNvidiaGpu: false };

describe('before any work is done', () => {
  test('the CPU and a CUDA library that is here need no word', () => {
    expect(deviceWarning('cpu', { ...without, hasNvidiaGpu: true })).toBeUndefined();
    for (const device of ['auto', 'cuda'] as const)
      expect(deviceWarning(device, { ...without, providers: ['cpu', 'cuda'] })).toBeUndefined();
  });

  test('cuda without its library is one sentence with the command', () => {
    expect(() => deviceWarning('cuda', without)).toThrow(
      'missing the CUDA library of ONNX Runtime; run "fetch it", with CUDA 12 and cuDNN 9 installed, or choose --device cpu',
    );
    expect(() => deviceWarning('cuda', { ...without, installCuda: undefined })).toThrow(
      'missing the CUDA library of ONNX Runtime; onnxruntime-node has it for Linux on x64 alone, or choose --device cpu',
    );
  });

  test('auto says something only where a GPU would be left idle', () => {
    expect(deviceWarning('auto', without)).toBeUndefined();
    expect(deviceWarning('auto', { ...without, hasNvidiaGpu: true })).toMatch(
      /^an NVIDIA GPU seems to be here, but not the CUDA library .* run "fetch it", .*; training on the CPU$/,
    );
  });

  test('the command is that of the package that is installed', () => {
    const { installCuda } = onnxRuntime();
    if (process.platform === 'linux' && process.arch === 'x64')
      expect(installCuda).toBe('ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js');
    else expect(installCuda).toBeUndefined();
  });
});

/** Three passes of two nodes, and one node after them. */
function model(): Uint8Array {
  const graph = new Graph();
  const three = graph.constant(BigInt64Array.of(3n), []);
  const { state } = loop(three, 3, [graph.input('x', [2])], (_, [x]) => ({
    state: [op.tanh(op.multiply(x, 3))],
    collected: [],
  }));
  graph.output('y', op.exponential(state[0]));
  return onnxModel(graph);
}

describe('what ran', () => {
  test('is told by the profile of the first run, in which a node of a loop counts once', async () => {
    const opened = await openOnDevice('auto', 1, model, without);
    expect(opened.session.nodesRun()).toEqual({});
    const x = { type: 'float32', shape: [2], values: Float32Array.of(1, 2) };
    await opened.session.run({ x });
    const { from, provider, nodes, note } = runsOn(opened, 7);
    expect({ from, provider, note }).toEqual({ from: 7, provider: 'cpu', note: undefined });
    // Loop, Mul, Tanh, Identity, Exp; an optimizer may leave the Identity out.
    expect(nodes.CPUExecutionProvider).toBeGreaterThanOrEqual(4);
    expect(nodes.CPUExecutionProvider).toBeLessThanOrEqual(5);
    await opened.session.run({ x });
    expect(runsOn(opened, 7).nodes).toEqual(nodes);
    expect(runsOn({ ...opened, provider: 'cuda' }, 7)).toMatchObject({
      provider: 'cpu',
      note: 'CUDA opened the model and computed no node of it',
    });
    await opened.session.close();
  });

  test('grows where it changes, and not where a training goes on as before', () => {
    const cpu: RunsOn = { from: 1, provider: 'cpu', nodes: { CPUExecutionProvider: 9 } };
    const cuda: RunsOn = { from: 61, provider: 'cuda', nodes: { CUDAExecutionProvider: 8, CPUExecutionProvider: 1 } };
    expect(continued([], cpu)).toEqual([cpu]);
    expect(continued([cpu], { ...cpu, from: 41 })).toEqual([cpu]);
    expect(continued([cpu], cuda)).toEqual([cpu, cuda]);
  });
});

test('a CUDA library that does not load: auto falls back and says why, cuda is an error', () => {
  // In a process of its own, as ONNX Runtime writes its own complaint to the terminal. The library is claimed to be here.
  const program = `
    import { openOnDevice } from './dist/alm/device.js';
    import { Graph, onnxModel, relu } from 'alva/graph';
    const graph = new Graph();
    graph.output('y', relu(graph.input('x', [2])));
    const claimed = { version: '1', providers: ['cpu', 'cuda'], installCuda: 'fetch it', hasNvidiaGpu: true };
    const open = (device) => openOnDevice(device, 1, () => onnxModel(graph), claimed);
    const { session, provider, note } = await open('auto');
    await session.close();
    const failure = await open('cuda').catch((error) => error.message);
    console.log(JSON.stringify({ provider, note, failure }));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  const { provider, note, failure } = JSON.parse(stdout);
  if (onnxRuntime().providers.includes('cuda')) return; // A machine where it may well load.
  expect(provider).toBe('cpu');
  expect(note).toMatch(/^CUDA did not open the model: ONNX Runtime refuses the model: .*Cuda/);
  expect(failure).toMatch(/^ONNX Runtime refuses the model: .*; CUDA 12, cuDNN 9 and an NVIDIA GPU .*--device cpu$/);
});
