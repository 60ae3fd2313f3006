import { Problem } from './problem';

const TIMEOUT_MS = 8_000;

export interface GetOptions {
  readonly signal?: AbortSignal;
  readonly cache?: RequestCache;
}

export async function getJson<Answer>(path: string, { signal, cache = 'no-store' }: GetOptions = {}): Promise<Answer> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(path, {
    cache,
    headers: { accept: 'application/json' },
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  });
  if (!response.ok) throw await Problem.of(response);
  return (await response.json()) as Answer;
}
