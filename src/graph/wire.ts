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
  return joined([varint(number * 8 + 2), varint(bytes.length), bytes]);
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
