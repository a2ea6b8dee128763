// The numbers of "Alignment among Language, Vision and Action Representations" (Milano & Nolfi 2026) as data, each with its place.

/** One column of Table 1: the ALM against one model, over ten replications; `values` at k = 1, 5, 10, 15 in order. */
export interface PaperColumn {
  readonly column: string;
  readonly values: readonly { readonly k: number; readonly mean: number; readonly sd: number }[];
}

const ks = [1, 5, 10, 15] as const;

/** Table 1: mean P@k (standard deviation over ten replications) between the ALM and every other space. */
export const table1: readonly PaperColumn[] = [
  column('CLIP', [0.0093, 0.0093], [0.0515, 0.0119], [0.227, 0.0144], [0.3058, 0.0122]),
  column('BERT', [0.0241, 0.0106], [0.1819, 0.0241], [0.2704, 0.0241], [0.3536, 0.0146]),
  column('BLIP', [0.0685, 0.0275], [0.2474, 0.0349], [0.4661, 0.0242], [0.6598, 0.0216]),
  column('Qwen', [0.0519, 0.0297], [0.2478, 0.0374], [0.4665, 0.0211], [0.6793, 0.0225]),
  column('Llama', [0.0426, 0.0267], [0.2456, 0.0298], [0.4665, 0.0389], [0.6973, 0.0279]),
  column('DeepSeek', [0.0463, 0.0185], [0.2433, 0.0326], [0.462, 0.0362], [0.7022, 0.0281]),
  column('RANDOM', [0.0056, 0.0083], [0.0367, 0.008], [0.0767, 0.0048], [0.1312, 0.0046]),
];

/** The one column of the paper that is a control and no model: every run has its own. */
export const randomColumn = 'RANDOM';

export interface PaperStatement {
  readonly what: string;
  readonly low: number;
  readonly high: number;
  readonly place: string;
}

/** Section 3, first paragraph, after 20,000 epochs. The paper gives no spread, and "up to" for ESCAPE. */
export const success = {
  place: 'section 3',
  tasks: [
    { task: 'GO-TO', rate: 0.85 },
    { task: 'PICK-UP', rate: 0.85 },
    { task: 'ESCAPE', rate: 0.95 },
  ],
} as const;

/** What the text says of Figure 3, the P@15 heatmap; its cells are not printed as numbers. */
export const figure3: readonly PaperStatement[] = [
  { what: 'ALM with Llama, Qwen and DeepSeek', low: 0.7, high: 0.73, place: 'section 3, on Figure 3' },
  { what: 'Llama, Qwen and DeepSeek among themselves', low: 0.83, high: 0.93, place: 'section 3, on Figure 3' },
];

/** What the text says of Figure 5, the Procrustes disparities (medians). */
export const figure5: readonly PaperStatement[] = [
  { what: 'ALM with Qwen, Llama and DeepSeek', low: 0.75, high: 0.8, place: 'section 3, on Figure 5' },
  { what: 'ALM with BLIP, BERT and CLIP', low: 0.85, high: 1, place: 'section 3, on Figure 5' },
];

function column(name: string, ...printed: readonly [mean: number, sd: number][]): PaperColumn {
  return { column: name, values: printed.map(([mean, sd], i) => ({ k: ks[i], mean, sd })) };
}
