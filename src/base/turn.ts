// Where long work gives way.

/** Lets the event loop turn, so that progress is drawn and a cancellation is heard. */
export async function turn(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}

const MS_BETWEEN_TURNS = 20;

/** For work in many small steps: to be awaited between any two of them, it is a turn where the last one was long enough ago. */
export function turns(signal: AbortSignal | undefined): () => Promise<void> {
  let turned = performance.now();
  return async () => {
    if (performance.now() - turned < MS_BETWEEN_TURNS) return;
    await turn(signal);
    turned = performance.now();
  };
}
