import type { DirectionStatus, Segment } from '../api/segments';
import { confidences, type Confidence } from '../confidence';
import { roadState } from '../road-states';
import { decodeStatus } from '../segment-status';
import { workKinds } from '../work-kinds';

const MINUTE_MS = 60_000;

/** A feature's properties in the tile layer `roads`, as the status that the API would give in full. */
export function statusOfTile(properties: Readonly<Record<string, unknown>>): Segment['status'] {
  const number = numberIn(properties);
  const digits = decodeStatus(number('status'));
  const direction = (stateCode: number, clearedMin: number): DirectionStatus => ({
    state: roadState(stateCode)?.name ?? 'no_data',
    state_code: stateCode,
    cleared_at: clearedMin === 0 ? null : new Date(clearedMin * MINUTE_MS).toISOString(),
    last_pass_at: null,
    work_kind: Object.keys(workKinds)[digits.workKindDigit - 1] ?? null,
    confidence: (Object.keys(confidences) as Confidence[])[digits.confidenceDigit] ?? 'seen',
  });
  const { oneway } = properties;
  return {
    forward: oneway === '-1' ? null : direction(digits.forwardStateCode, number('cleared_fwd_min')),
    backward: oneway === 'yes' ? null : direction(digits.backwardStateCode, number('cleared_rev_min')),
  };
}

export function extraDigits(properties: Readonly<Record<string, unknown>>): { newSnowDigit: number; dispatchDigit: number } {
  const { newSnowDigit, dispatchDigit } = decodeStatus(numberIn(properties)('status'));
  return { newSnowDigit, dispatchDigit };
}

function numberIn(properties: Readonly<Record<string, unknown>>): (key: string) => number {
  return (key) => (typeof properties[key] === 'number' ? properties[key] : 0);
}
