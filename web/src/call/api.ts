import type { Geometry } from 'geojson';
import { getJson } from '../api/get-json';
import { Problem } from '../api/problem';
import type { RoadManager } from '../api/segments';
import type { FeatureList, Zone } from '../board/api';
import type { CallOut, FirmAnswer, TimelineEntry } from '../board/dispatches/call-outs';

export type ShownCallOut = Omit<CallOut, 'timeline'>;

export type Answer =
  | FirmAnswer
  /** What a firm says of its work (申告). */
  | { readonly answer: 'start' | 'complete' }
  /** An officer's. */
  | { readonly answer: 'approve' }
  | { readonly answer: 'cancel'; readonly reason: string };

/** What `/api/v1/call/{token}` tells the link's holder. */
export interface Call {
  readonly dispatch: ShownCallOut;
  readonly manager: RoadManager | null;
  readonly you: { readonly name: string; readonly role: 'firm' | 'officer' };
  readonly others_called: readonly string[];
  readonly other_call_outs: readonly ShownCallOut[];
  readonly centre: readonly [lon: number, lat: number] | null;
  readonly timeline: readonly Omit<TimelineEntry, 'by'>[];
}

export interface CallAnswer {
  readonly now: string;
  readonly simulated: boolean;
  readonly call: Call;
}

const TIMEOUT_MS = 15_000;

/** The token is the page's last part; it is all that the link's holder needs. */
export function tokenOf(path: string): string {
  return path.split('/').filter(Boolean).at(-1) ?? '';
}

const pathOf = (token: string) => `/api/v1/call/${encodeURIComponent(token)}`;

export function getCall(token: string): Promise<CallAnswer> {
  return getJson<CallAnswer>(pathOf(token));
}

/** The same key again after a failed answer: one answer, not two. */
export async function sendAnswer(token: string, answer: Answer, key: string): Promise<CallAnswer> {
  const response = await fetch(pathOf(token), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': key },
    body: JSON.stringify(answer),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw await Problem.of(response);
  return (await response.json()) as CallAnswer;
}

/** The zone as its road manager draws it; null where nobody does. */
export async function zoneShape(managerCode: string, zone: string): Promise<Geometry | null> {
  const zones = await getJson<FeatureList<Zone>>(`/api/v1/zones?manager=${encodeURIComponent(managerCode)}`);
  return zones.features.find(({ properties }) => properties.zone === zone)?.geometry ?? null;
}
