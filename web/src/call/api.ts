import type { Geometry } from 'geojson';
import { Problem } from '../api/problem';
import type { RoadManager } from '../api/segments';
import { getJson } from '../api/get-json';

/** What of a zone is done since it was called out. */
export interface Progress {
  readonly own_m: number;
  readonly done_m: number;
  readonly excused_m: number;
}

export type Answer =
  | { readonly answer: 'accept'; readonly machines: number; readonly eta: string }
  | { readonly answer: 'delay'; readonly until: string }
  | { readonly answer: 'decline'; readonly reason: string };

/** `/api/v1/call/{token}`. */
export interface Call {
  readonly now: string;
  readonly id: number;
  readonly manager: RoadManager | null;
  readonly zone: string;
  readonly round: number;
  readonly drill: boolean;
  readonly state: string;
  readonly reason: string;
  readonly raised_at: string;
  readonly deadline: string | null;
  readonly over: boolean;
  readonly answered: boolean;
  readonly progress: Progress | null;
  readonly geometry: Geometry | null;
  readonly called: readonly { readonly name: string; readonly at: string }[];
  readonly timeline: readonly { readonly at: string; readonly kind: string; readonly state: string; readonly by: string | null }[];
  readonly others: readonly { readonly zone: string; readonly manager: RoadManager | null; readonly state: string }[];
}

const TIMEOUT_MS = 15_000;

/** The token is the page's last part; it is all that the link's holder needs. */
export function tokenOf(path: string): string {
  return path.split('/').filter(Boolean).at(-1) ?? '';
}

const pathOf = (token: string) => `/api/v1/call/${encodeURIComponent(token)}`;

export function getCall(token: string): Promise<Call> {
  return getJson<Call>(pathOf(token));
}

/** The same key again after a failed answer: one answer, not two. */
export async function sendAnswer(token: string, answer: Answer, key: string): Promise<void> {
  const response = await fetch(pathOf(token), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': key },
    body: JSON.stringify(answer),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw await Problem.of(response);
}
