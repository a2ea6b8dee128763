// Zip archives byte by byte, honest ones and others.
import { crc32, deflateRawSync } from 'node:zlib';

export interface Packed {
  readonly name: string;
  readonly content: Buffer;
  readonly isDeflated?: boolean;
  /** What the directory claims in place of what is true. */
  readonly size?: number;
  readonly packedSize?: number;
  readonly crc?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly local?: number;
  /** The packed bytes themselves. */
  readonly packed?: Buffer;
}

export function zipOf(files: readonly Packed[], comment = ''): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const file of files) {
    const name = Buffer.from(file.name);
    const isDeflated = file.isDeflated ?? true;
    const packed = file.packed ?? (isDeflated ? deflateRawSync(file.content) : file.content);
    const told = Buffer.alloc(22);
    told.writeUInt16LE(file.flags ?? 0, 0);
    told.writeUInt16LE(file.method ?? (isDeflated ? 8 : 0), 2);
    told.writeUInt32LE(file.crc ?? crc32(file.content), 8);
    told.writeUInt32LE(file.packedSize ?? packed.length, 12);
    told.writeUInt32LE(file.size ?? file.content.length, 16);
    told.writeUInt16LE(name.length, 20);
    const local = Buffer.concat([Buffer.from('PK\x03\x04\x14\x00', 'latin1'), told, Buffer.alloc(2), name, packed]);
    const rest = Buffer.alloc(16);
    rest.writeUInt32LE(file.local ?? at, 12);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00\x14\x00', 'latin1'), told, rest, name]));
    locals.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(at, 12);
  end.writeUInt16LE(Buffer.byteLength(comment), 16);
  return Buffer.concat([...locals, ...directory, Buffer.from('PK\x05\x06', 'latin1'), end, Buffer.from(comment)]);
}
