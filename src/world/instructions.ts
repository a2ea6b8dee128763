// The 108 sentences of the paper and what each of them asks for.

export type Task = 'GO-TO' | 'PICK-UP' | 'ESCAPE';
export type Colour = 'red' | 'green' | 'blue' | 'purple' | 'yellow' | 'grey';
export type ObjectKind = 'ball' | 'box' | 'key';
/** The paper's vocabulary has no "from" after "stay away"; the other reading is grammatical. */
export type Wording = 'stay away' | 'stay away from';

/** What an agent is told in an episode, and the task that it is judged by. */
export interface Mission {
  /** "pick up the red ball" */
  readonly sentence: string;
  readonly task: Task;
}

/** A mission that is one of the 108. */
export interface Instruction extends Mission {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** The verb phrase: "pick up". */
  readonly verb: string;
  readonly colour: Colour;
  readonly object: ObjectKind;
}

export const tasks: readonly Task[] = ['GO-TO', 'PICK-UP', 'ESCAPE'];
/** In MiniGrid's order, so that an index is MiniGrid's colour code. */
export const colours: readonly Colour[] = ['red', 'green', 'blue', 'purple', 'yellow', 'grey'];
export const objectKinds: readonly ObjectKind[] = ['ball', 'box', 'key'];

/** The 108 instructions: verb phrase, colour, object, looped in this order (Milano & Nolfi 2026, section 2.1). */
export function instructions(wording: Wording = 'stay away'): Instruction[] {
  const list: Instruction[] = [];
  for (const [verb, task] of verbPhrases(wording))
    for (const colour of colours)
      for (const object of objectKinds)
        list.push({ index: list.length, sentence: `${verb} the ${colour} ${object}`, verb, task, colour, object });
  return list;
}

function verbPhrases(wording: Wording): [verb: string, task: Task][] {
  return [
    ['go to', 'GO-TO'],
    ['move towards', 'GO-TO'],
    ['pick up', 'PICK-UP'],
    ['escape from', 'ESCAPE'],
    [wording, 'ESCAPE'],
    ['avoid', 'ESCAPE'],
  ];
}
