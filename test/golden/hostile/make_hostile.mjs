// Makes the files beside it: each did harm before it was refused, or would do so in a reader that believes it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';

const here = new URL('.', import.meta.url);
mkdirSync(here, { recursive: true });
const write = (name, bytes) => writeFileSync(new URL(name, here), bytes);

const u64 = (n) => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(n));
  return out;
};
const u32 = (n) => u64(n).subarray(0, 4);
const u16 = (n) => u64(n).subarray(0, 2);

const safetensors = (header, values = Buffer.alloc(0)) =>
  Buffer.concat([u64(Buffer.byteLength(header)), Buffer.from(header), values]);
const tensor = (fields) => `{"embeddings":${fields}}`;
write('header-of-10-GB.safetensors', Buffer.concat([u64(10_000_000_000), Buffer.from('{}')]));
write('values-of-10-GB.safetensors', safetensors(tensor('{"dtype":"F32","shape":[50000,50000],"data_offsets":[0,10000000000]}')));
write('overflowing-shape.safetensors', safetensors(tensor('{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}')));
write('negative-side.safetensors', safetensors(tensor('{"dtype":"F32","shape":[-2,-2],"data_offsets":[0,16]}'), Buffer.alloc(16)));
write('type-that-is-an-object.safetensors', safetensors(tensor('{"dtype":{"toString":1},"shape":[1,1],"data_offsets":[0,4]}'), Buffer.alloc(4)));
write('shape-that-is-nested.safetensors', safetensors(tensor(`{"dtype":"F32","shape":${'['.repeat(9000)}${']'.repeat(9000)},"data_offsets":[0,4]}`), Buffer.alloc(4)));
write('tensor-called-proto.safetensors', safetensors('{"__proto__":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}', Buffer.alloc(4)));
write('overlapping-tensors.safetensors', safetensors('{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"embeddings":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}', Buffer.alloc(8)));

const npy = (header, values = Buffer.alloc(0)) =>
  Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), u16(header.length), Buffer.from(header), values]);
write('shape-of-10-GB.npy', npy("{'descr': '<f4', 'fortran_order': False, 'shape': (50000, 50000), }\n"));
write('many-axes.npy', npy(`{'descr': '<f4', 'fortran_order': True, 'shape': (${'1,'.repeat(9000)}), }\n`, Buffer.alloc(4)));

/** A zip of deflated files; `claims` and `at` are what the directory says in place of the truth. */
function zip(files) {
  const locals = [];
  const directory = [];
  let at = 0;
  for (const { name, content, claims = content.length, at: told } of files) {
    const packed = deflateRawSync(content);
    const sizes = Buffer.concat([u32(crc32(content)), u32(packed.length), u32(claims), u16(name.length), u16(0)]);
    const head = Buffer.concat([u16(20), u16(0), u16(8), u32(0), sizes]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed]);
    const rest = Buffer.concat([u16(0), u16(0), u16(0), u32(0), u32(told ?? at), Buffer.from(name)]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), u16(20), head, rest]));
    locals.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.concat([Buffer.from('PK\x05\x06'), u32(0), u16(files.length), u16(files.length), u32(list.length), u32(at), u16(0)]);
  return Buffer.concat([...locals, list, end]);
}
const values = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }\n", Buffer.alloc(8));
write('4-GB-in-1-kB.npz', zip([{ name: 'embeddings.npy', content: values, claims: 4_000_000_000 }]));
write('two-files-in-one-place.npz', zip([{ name: 'a.npy', content: values }, { name: 'b.npy', content: values, at: 0 }]));
const claimed = (shape) => npy(`{'descr': '<U0', 'fortran_order': False, 'shape': (${shape},), }\n`);
for (const [name, shape] of [['a-hundred-million-texts-of-no-letters.npz', 1e8], ['2-to-the-33-texts-of-no-letters.npz', 2 ** 33]])
  write(name, zip([{ name: 'embeddings.npy', content: values }, { name: 'sentences.npy', content: claimed(shape) }]));
write('path-out-of-the-archive.npz', zip([{ name: '../../../etc/passwd', content: Buffer.from('x') }, { name: '/etc/passwd.npy', content: Buffer.from('x') }]));

const lines = (...rows) => rows.map((row) => `${row}\n`).join('');
write('cell-with-its-own-toString.jsonl', lines(...[1, 2, 3].map((i) => `{"sentence":"s${i}","x":{"toString":1}}`)));
write('cell-that-is-nested.jsonl', lines(...[1, 2, 3].map((i) => `{"sentence":"s${i}","x":[${'['.repeat(9000)}${']'.repeat(9000)}]}`)));
write('field-called-proto.jsonl', lines(...[1, 2, 3].map((i) => `{"sentence":"s${i}","__proto__":{"x":1}}`)));
write('column-called-proto.csv', lines('sentence,__proto__', 'a,b', 'c,d', 'e,f'));

const varint = (n) => {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(n));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
};
const field = (number, bytes) => Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
const number = (n, value) => Buffer.concat([varint(n * 8), varint(value)]);
write('length-below-zero.onnx', Buffer.concat([varint(7 * 8 + 2), varint(-11)]));
write('length-of-10-GB.onnx', Buffer.concat([varint(7 * 8 + 2), varint(10_000_000_000)]));
const weights = (...fields) => field(7, field(5, Buffer.concat([...fields, field(8, Buffer.from('w'))])));
write('shape-of-negative-sides.onnx', weights(number(1, -2), number(1, -2), number(2, 1), field(9, Buffer.alloc(16))));
const outside = Buffer.concat([field(1, Buffer.from('location')), field(2, Buffer.from('../../../etc/passwd'))]);
const identity = Buffer.concat([field(1, Buffer.from('x')), field(2, Buffer.from('y')), field(4, Buffer.from('Identity'))]);
// Only who cuts the model down looks at the notes on inner values.
write('inner-value-cut-off.onnx', field(7, Buffer.concat([field(1, identity), field(13, Buffer.from([0x0a, 65]))])));
const named = (...pairs) => Buffer.concat(pairs.map(([n, name]) => field(n, Buffer.from(name))));
const nodeOf = (op, inputs, output) =>
  field(1, named(...inputs.map((name) => [1, name]), [2, output], [4, op]));
const scores = (...nodes) =>
  field(7, Buffer.concat([...nodes, field(11, named([1, 'input_ids'])), field(12, named([1, 'logits']))]));
const doubled = Array.from({ length: 40 }, (_, i) => nodeOf('Add', [`a${i}`, `a${i}`], i === 39 ? 'logits' : `a${i + 1}`));
write('sums-with-themselves.onnx', scores(nodeOf('Gather', ['t', 'input_ids'], 'h'), nodeOf('MatMul', ['h', 'w'], 'a0'), ...doubled));
const circle = [nodeOf('Identity', ['input_ids'], 'a'), nodeOf('Identity', ['a'], 'b'), nodeOf('Identity', ['b'], 'a')];
write('moves-in-a-circle.onnx', scores(...circle, nodeOf('MatMul', ['a', 'w'], 'logits')));
const sums = [nodeOf('Add', ['input_ids', 'b'], 'a'), nodeOf('Add', ['a', 'input_ids'], 'b'), nodeOf('Add', ['a', 'b'], 'logits')];
write('sums-in-a-circle.onnx', scores(...sums));
const ofOpenSize = field(2, field(1, field(2, field(1, Buffer.alloc(0)))));
const output = field(12, Buffer.concat([named([1, 'y']), ofOpenSize]));
const graph = (...nodes) => field(7, Buffer.concat([...nodes, field(11, named([1, 'x'])), output]));
for (const op of ['toString', 'constructor', '__proto__']) write(`operator-called-${op}.onnx`, graph(nodeOf(op, ['x'], 'y')));
write('sum-of-one-term.onnx', graph(nodeOf('Add', ['x'], 'y')));
write('transpose-of-nothing.onnx', graph(nodeOf('Transpose', [], 'y')));
const integer = (value) => Buffer.concat([number(2, 7), field(9, u64(value))]);
const constant = (name, value) =>
  field(1, Buffer.concat([named([2, name], [4, 'Constant']), field(5, Buffer.concat([named([1, 'value']), field(5, integer(value))]))]));
const limits = [constant('from', 0), constant('to', 10_000_000_000), constant('by', 1)];
write('range-of-10-billion.onnx', graph(...limits, nodeOf('Range', ['from', 'to', 'by'], 'y')));
write('weights-out-of-the-folder.onnx', weights(number(1, 1), number(2, 1), number(14, 1), field(13, outside)));

write('99999-parts.gguflist', 'm-00001-of-99999.gguf\n');
const billion = Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`)}]`);
write('billion-laughs.yaml', lines('a0: &a0 lol', ...billion));
write('deep.yaml', `seeds: ${'['.repeat(5000)}\n`);
write('deeper.yaml', '- '.repeat(30_000));
write('deeper.json', '['.repeat(60_000));
write('deep.json', `{"seeds": ${'['.repeat(5000)}${']'.repeat(5000)}}`);
write('field-called-proto.yaml', lines('__proto__:', '  seeds: 3'));
write('field-called-proto.json', '{"__proto__": {"seeds": 3}}');
write('tag-of-a-type.yaml', 'seeds: !!js/function "function () { return 3 }"\n');
