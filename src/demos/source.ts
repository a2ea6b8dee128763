// Where a training takes its demonstrations from: the same ones again and again, or ever new ones.
import { type Demos, type DemosRequest, recordDemosAtOnce } from './record.ts';

/** The demonstrations of pass 0, 1, ... of a training. The same pass gives the same ones. */
export type DemosSource = (pass: number) => Demos;

/** The same ones in each pass. */
export function recordedDemos(demos: Demos): DemosSource {
  return () => demos;
}

/**
 * None ever comes twice: a pass has the `episodes` episodes of the request that follow those of the pass before, recorded
 * when it is asked for. `recorded` are those of pass 0, as recordDemos gives them for the same request.
 */
export function freshDemos(recorded: Demos, request: DemosRequest): DemosSource {
  return (pass) => (pass === 0 ? recorded : recordDemosAtOnce({ ...request, first: pass * request.episodes }));
}
