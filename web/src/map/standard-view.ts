import type { ExpressionSpecification, FilterSpecification, LineLayerSpecification } from 'maplibre-gl';
import type { LineLook } from '../api/style';
import type { Text } from '../language';

/** How a road stands against its own standard (水準): what its manager promises for it. */
export interface StandardStep extends LineLook, Text {
  readonly name: string;
  readonly stateCodes: readonly number[];
}

const LONG_DASH = [4, 1.5];
const SHORT_DASH = [1.8, 1.2];
const DOTTED = [0.7, 1.3];
/** In the order of the pattern codes in the served layers' filters. */
const PATTERNS: readonly (readonly number[] | null)[] = [null, LONG_DASH, SHORT_DASH, DOTTED];

const OVERDUE_DISPATCH_DIGIT = 5;

/** Worst first. What is not known is neither within the standard nor below it. */
export const STANDARD_STEPS: readonly StandardStep[] = [
  { name: 'closed', stateCodes: [6], color: '#f11042', dash: DOTTED, ja: '通行止め', en: 'Closed', easy: 'とおれない' },
  { name: 'overdue', stateCodes: [], color: '#ffb000', dash: DOTTED, ja: '期限超過', en: 'Overdue', easy: '時間に おくれている' },
  { name: 'below', stateCodes: [3], color: '#ff7a1a', dash: SHORT_DASH, ja: '水準を下回る（未除雪）', en: 'Below standard', easy: '雪を どけていない' },
  { name: 'working', stateCodes: [5], color: '#ffffff', dash: null, ja: '作業中', en: 'Working', easy: '雪を どけている' },
  { name: 'within', stateCodes: [2, 4], color: '#2f8fff', dash: null, ja: '水準内', en: 'Within standard', easy: 'だいじょうぶ' },
  { name: 'melting', stateCodes: [8], color: '#7cc7ff', dash: LONG_DASH, ja: '消融雪', en: 'Melting', easy: '水や ねつで 雪を とかす 道' },
  { name: 'unconfirmed', stateCodes: [1], color: '#a9b1bd', dash: DOTTED, ja: '未確認', en: 'Unconfirmed', easy: 'かくにん できない' },
  { name: 'off_plan', stateCodes: [7], color: '#8d7f70', dash: DOTTED, ja: '除雪対象外', en: 'Off plan', easy: '雪を どけない 道' },
  { name: 'no_data', stateCodes: [0], color: '#6b7686', dash: null, ja: 'データなし', en: 'No data', easy: 'データなし' },
];

const NO_DATA = STANDARD_STEPS.at(-1)!;
const OVERDUE = STANDARD_STEPS.find(({ name }) => name === 'overdue')!;

const status: ExpressionSpecification = ['get', 'status'];
const forward: ExpressionSpecification = ['%', status, 10];
const backward: ExpressionSpecification = ['%', ['floor', ['/', status, 10]], 10];
const dispatch: ExpressionSpecification = ['%', ['floor', ['/', status, 10_000]], 10];

const STATUS_LAYER = /^roads-(single|oneway|forward|backward)(-long-dash|-short-dash|-dotted)?$/;

/** A layer of the served style, coloured by the road's standard; null where it tells no status. */
export function byStandard(layer: LineLayerSpecification): LineLayerSpecification | null {
  const side = STATUS_LAYER.exec(layer.id)?.[1];
  if (side === undefined || !Array.isArray(layer.filter)) return null;
  const state = stateOf(side);
  const pattern = PATTERNS.findIndex((dash) => sameDash(dash, layer.paint?.['line-dasharray']));
  const [, which] = layer.filter as unknown as [string, FilterSpecification];
  return {
    ...layer,
    filter: ['all', which, ['==', perStep(state, patternCode), pattern]] as FilterSpecification,
    layout: { ...layer.layout, 'line-sort-key': perStep(state, (step) => STANDARD_STEPS.length - STANDARD_STEPS.indexOf(step)) },
    paint: { ...layer.paint, 'line-color': perStep(state, ({ color }) => color) },
  } as LineLayerSpecification;
}

/** Of one line for both directions, the worse. */
function stateOf(side: string): ExpressionSpecification {
  if (side === 'backward') return backward;
  if (side !== 'single') return forward;
  const rank = (state: ExpressionSpecification) => perState(state, (step) => STANDARD_STEPS.indexOf(step));
  return ['case', ['<=', rank(forward), rank(backward)], forward, backward] as unknown as ExpressionSpecification;
}

function perStep(state: ExpressionSpecification, value: (step: StandardStep) => string | number): ExpressionSpecification {
  const closed: ExpressionSpecification = ['==', state, 6];
  const overdue: ExpressionSpecification = ['all', ['==', dispatch, OVERDUE_DISPATCH_DIGIT], ['!', closed]] as unknown as ExpressionSpecification;
  return ['case', overdue, value(OVERDUE), perState(state, value)] as unknown as ExpressionSpecification;
}

function perState(state: ExpressionSpecification, value: (step: StandardStep) => string | number): ExpressionSpecification {
  const cases = STANDARD_STEPS.flatMap((step) => step.stateCodes.flatMap((code) => [code, value(step)]));
  return ['match', state, ...cases, value(NO_DATA)] as unknown as ExpressionSpecification;
}

function patternCode({ dash }: StandardStep): number {
  return PATTERNS.findIndex((pattern) => sameDash(pattern, dash));
}

function sameDash(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
