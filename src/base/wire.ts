// Protocol-buffer wire format, as far as an ONNX file needs it: varints, 32-bit floats and length-delimited fields.

/** A message is a list of fields, written in order. */
export type Message = readonly Field[];
export type Field = Uint8Array;

/** A whole number (an int32, int64 or enum field). */
export function integerField(number: number, value: number): Field {
  return joined([varint(number * 8), varint(value)]);
}

export function floatField(number: number, value: number): Field {
  return joined([varint(number * 8 + 5), new Uint8Array(Float32Array.of(value).buffer)]);
}

export function bytesField(number: number, bytes: Uint8Array): Field {
  return joined([fieldHead(number, bytes.length), bytes]);
}

/** What stands before `length` bytes of a length-delimited field: for contents too large to be copied once more. */
export function fieldHead(number: number, length: number): Uint8Array {
  return joined([varint(number * 8 + 2), varint(length)]);
}

export function textField(number: number, text: string): Field {
  return bytesField(number, new TextEncoder().encode(text));
}

export function messageField(number: number, message: Message): Field {
  return bytesField(number, joined(message));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Negative numbers are written as their 64-bit two's complement, as the format wants. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** A field as read: its number, and its value as a whole number or as bytes. */
export interface ReadField {
  readonly number: number;
  readonly integer: number;
  readonly bytes: Uint8Array;
  /** The field as it stands in the message, number and length included. */
  readonly raw: Uint8Array;
}

/** Of a message: each takes some hundred times the two bytes that it may have in the file. */
const MOST_FIELDS = 200_000;

/** The fields of a message, in order. Throws a RangeError where the bytes end within a field, or there is no end of them. */
export function* fieldsOf(message: Uint8Array): Generator<ReadField> {
  let at = 0;
  const none = new Uint8Array();
  const take = (n: number) => {
    if (!Number.isSafeInteger(n) || n < 0 || at + n > message.length)
      throw new RangeError(`a field of ${n} bytes at byte ${at} of ${message.length}`);
    at += n;
    return message.subarray(at - n, at);
  };
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const [byte] = take(1);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    throw new RangeError(`a number without an end at byte ${at}`);
  };
  const value = (kind: number) => {
    if (kind === 0) return { integer: varint(), bytes: none };
    const width = { 1: () => 8, 2: varint, 5: () => 4 }[kind];
    if (!width) throw new RangeError(`a field of unknown kind ${kind} at byte ${at}`);
    return { integer: 0, bytes: take(width()) };
  };
  for (let n = 0; at < message.length; n++) {
    if (n === MOST_FIELDS) throw new RangeError(`a message of more than ${MOST_FIELDS} fields`);
    const from = at;
    const key = varint();
    yield { number: Math.floor(key / 8), ...value(key & 7), raw: message.subarray(from, at) };
  }
}

/** The whole numbers of a repeated field, which may be packed into one. */
export function integersOf({ integer, bytes }: ReadField): number[] {
  if (bytes.length === 0) return [integer];
  // A packed field is a run of numbers without keys; each is read as a field of number 0.
  const numbers: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let end = at;
    while (end < bytes.length && bytes[end] >= 128) end++;
    const [field] = fieldsOf(joined([Uint8Array.of(8), bytes.subarray(at, end + 1)]));
    numbers.push(field.integer);
    at = end + 1;
  }
  return numbers;
}
