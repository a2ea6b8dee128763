// What training leaves in the files of a run, as plain records: success rates, curves, losses, and on what it ran.

/** How often something succeeded, with the Wilson 95 % interval over levels. */
export interface SuccessRate {
  readonly name: string;
  readonly episodes: number;
  readonly successes: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** One way of acting on the same evaluation levels: 'argmax' first, 'sampled', ..., 'random actions'. */
export interface SuccessCondition {
  readonly condition: string;
  /** GO-TO, PICK-UP, ESCAPE, in this order. */
  readonly tasks: readonly SuccessRate[];
  /** One for each verb phrase, in the order of the instructions. */
  readonly verbs: readonly SuccessRate[];
}

/** seeds/NN/success.json */
export interface SuccessRecord {
  readonly seed: number;
  /** Whether this is the control that was trained with shuffled instructions. */
  readonly shuffled: boolean;
  readonly conditions: readonly SuccessCondition[];
}

/** A line of seeds/NN/curve.csv: success by argmax on fresh levels after so many updates, told the instruction or, as a control, another. */
export interface CurveRow {
  readonly update: number;
  readonly condition: string;
  readonly task: string;
  readonly successes: number;
  readonly episodes: number;
}

/** On what a training ran from one of its updates on: by the profile of ONNX Runtime, not by what was asked for. */
export interface RunsOn {
  /** The first of these updates. */
  readonly from: number;
  readonly provider: 'cpu' | 'cuda';
  /** How many nodes of the graph each execution provider computed. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Why it was not what `auto` would have liked. */
  readonly note?: string;
}

/** A line of seeds/NN/loss.csv: means over the updates since the line before. */
export interface LossRow {
  readonly update: number;
  readonly loss: number;
  readonly accuracy: number;
}
