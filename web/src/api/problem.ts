/** An error as RFC 9457 describes it, whether the server sent one or a proxy answered in its stead. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string | null,
    /** The detail in Japanese, where the server has one for people. */
    readonly detailJa: string | null = null,
  ) {
    super(detail === null ? title : `${title}: ${detail}`);
  }

  static async of(response: Response): Promise<Problem> {
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
    const body: unknown = isProblem ? await response.json().catch(() => null) : null;
    const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    const text = (key: string) => (typeof fields[key] === 'string' ? fields[key] : null);
    return new Problem(response.status, text('title') ?? `HTTP ${response.status}`, text('detail'), text('detail_ja'));
  }
}

/** Why something failed, as a person may read it. */
export function reasonOf(error: unknown): string {
  if (error instanceof Problem && error.detailJa !== null) return error.detailJa;
  return error instanceof Error ? error.message : String(error);
}
