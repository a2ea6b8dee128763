// What a stage says of itself while it works.

export type StageName = 'demos' | 'train' | 'embed' | 'align' | 'report';

export interface StageEvent {
  /** 'demos', 'train', ... */
  readonly stage: string;
  /** What is being worked on within the stage: 'seed 02'. */
  readonly part?: string;
  readonly done: number;
  readonly total: number;
  /** What is counted: 'episodes', 'updates', 'pairs'; of 'bytes' megabytes are shown. */
  readonly unit: string;
  /** Numbers of the moment: 'loss 0.213  accuracy 92.0 %'. */
  readonly detail?: string;
  /** How fast it goes, in words of its own: '3400 samples/s'. Else it is told by what was counted in which time. */
  readonly rate?: string;
  readonly secondsLeft?: number;
  /** Why nothing more comes of this part; what is counted then means nothing. */
  readonly failure?: string;
}

export type Listener = (event: StageEvent) => void;
