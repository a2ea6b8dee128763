import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { zipEntries } from '../../src/base/zip.ts';
import { type Packed, zipOf } from './archive.ts';

const one = (more: Partial<Packed> = {}) =>
  zipOf([{ name: 'a.npy', content: Buffer.from('hello hello hello'), ...more }]);

function refusal(archive: Buffer): string {
  try {
    for (const entry of zipEntries(archive, 'x.npz')) entry.content();
  } catch (error) {
    expect(error).toBeInstanceOf(AlvaError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

test('what was put in comes out, stored or deflated, whatever the comment', () => {
  const file = fc.record({ name: fc.string(), content: fc.uint8Array(), isDeflated: fc.boolean() });
  fc.assert(
    fc.property(fc.uniqueArray(file, { selector: ({ name }) => name }), fc.string(), (files, comment) => {
      const packed = files.map(({ name, content, isDeflated }) => ({
        name,
        content: Buffer.from(content),
        isDeflated,
      }));
      const entries = zipEntries(zipOf(packed, comment), 'x.zip');
      expect(entries.map(({ name }) => name)).toEqual(files.map(({ name }) => Buffer.from(name).toString()));
      expect(entries.map((entry) => [...entry.content()])).toEqual(files.map(({ content }) => [...content]));
    }),
    { numRuns: 50 },
  );
});

test('names are names alone: no path is ever followed', () => {
  const [entry] = zipEntries(zipOf([{ name: '../../etc/passwd.npy', content: Buffer.from('x') }]), 'x.npz');
  expect([entry.name, entry.content().toString()]).toEqual(['../../etc/passwd.npy', 'x']);
});

describe('refused', () => {
  test('ten thousand million bytes claimed by one thousand, at once and without the memory', () => {
    const before = process.memoryUsage().arrayBuffers;
    const content = Buffer.alloc(1000, 7);
    expect(refusal(one({ content, size: 4_000_000_000 }))).toMatch(
      /claims 4000000000 bytes from \d+, more than can be/,
    );
    expect(refusal(one({ content, size: 0xffffffff }))).toContain('claims 4 GB or more');
    expect(refusal(one({ content, isDeflated: false, size: 10_000 }))).toContain('more than can be');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });

  test('more bytes than claimed, so that an archive cannot fill the memory, or fewer', () => {
    const content = Buffer.alloc(1_000_000);
    expect(refusal(one({ content, size: 5 }))).toContain('does not hold the 5 bytes that it claims');
    expect(refusal(one({ content, size: 0 }))).toContain('does not hold the 0 bytes');
    expect(refusal(one({ content, size: 1_000_001 }))).toContain('does not hold the 1000001 bytes');
  });

  test.each([
    ['another checksum', one({ crc: 1 }), /another CRC-32/],
    ['bytes that are not deflated', one({ packed: Buffer.from('not deflated at all') }), /does not hold/],
    ['encryption', one({ flags: 1 }), /is encrypted/],
    ['another method', one({ method: 12 }), /packed by method 12; known: 0 \(stored\), 8 \(deflated\)/],
    ['a place past the end', one({ local: 1e9 }), /is not where the directory says/],
    ['a place with something else', one({ local: 3 }), /is not where the directory says/],
    ['more packed bytes than there are', one({ packedSize: 1e6 }), /reaches past the end/],
    ['another name in its own place', renamed(), /another name in its own place/],
    ['a directory of more than is counted', shortened(), /its directory is longer than 1 files/],
    ['one name twice', zipOf(['a', 'b'].map((text) => ({ name: 'same', content: Buffer.from(text) }))), /"same" twice/],
    ['no archive at all', Buffer.from('PK\x03\x04 and nothing more'), /no directory at its end/],
    ['nothing', Buffer.alloc(0), /no directory at its end/],
  ])('%s', (_, archive, message) => {
    expect(refusal(archive)).toMatch(message);
    expect(refusal(archive)).toContain('cannot read x.npz');
  });

  test('an archive truncated anywhere', () => {
    const whole = one();
    for (let length = 0; length < whole.length; length++) refusal(whole.subarray(0, length));
  });

  test('or reads the same: whatever bytes are put in place of others, nothing but an AlvaError comes', () => {
    const whole = one();
    const place = fc.nat(whole.length - 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 8 }), (changes) => {
        const changed = Buffer.from(whole);
        for (const [at, byte] of changes) changed[at] = byte;
        try {
          for (const entry of zipEntries(changed, 'x.npz'))
            expect(entry.content().toString()).toBe('hello hello hello');
        } catch (error) {
          expect(error).toBeInstanceOf(AlvaError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('the archives of these tests are told of by the checksum of what is in them', () => {
  const content = Buffer.from('x');
  expect(one({ content, crc: crc32(content), packed: deflateRawSync(content) }).equals(one({ content }))).toBe(true);
});

/** The directory's name is another than that before the content. */
function renamed(): Buffer {
  const archive = one();
  archive[30] = 'b'.charCodeAt(0);
  return archive;
}

/** Two files, of which the end record counts one. */
function shortened(): Buffer {
  const archive = zipOf(['a', 'b'].map((name) => ({ name, content: Buffer.from(name) })));
  archive.writeUInt16LE(1, archive.length - 22 + 10);
  return archive;
}
