// Where long work gives way.

/** Lets the event loop turn, so that progress is drawn and a cancellation is heard. */
export async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
