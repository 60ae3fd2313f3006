import { getJson } from '../../api/get-json';
import { Problem } from '../../api/problem';
import type { RoadManager } from '../../api/segments';

export type Role = 'viewer' | 'operator' | 'admin';

export interface Membership {
  readonly manager: RoadManager;
  readonly role: Role;
}

interface SignedOut {
  readonly signed_in: false;
  readonly simulated: boolean;
}

interface SignedIn {
  readonly signed_in: true;
  readonly simulated: boolean;
  readonly account: { readonly id: number; readonly email: string; readonly name: string };
  readonly managers: readonly Membership[];
  readonly csrf_token: string;
}

const SESSION = '/api/v1/session';
const MANAGER_KEY = 'yukimichi:manager';
const TIMEOUT_MS = 15_000;

/** Who is signed in, and for which road manager the person acts now. */
export class BoardSession {
  who: SignedIn | SignedOut | null = $state.raw(null);
  /** No answer yet, and the last attempt failed. */
  unreachable: boolean = $state(false);
  #managerCode: string | null = $state(localStorage.getItem(MANAGER_KEY));

  readonly membership: Membership | null = $derived.by(() => {
    if (this.who?.signed_in !== true) return null;
    const { managers } = this.who;
    return managers.find(({ manager }) => manager.code === this.#managerCode) ?? managers[0] ?? null;
  });
  readonly mayRecord: boolean = $derived(this.membership !== null && this.membership.role !== 'viewer');

  async ask(): Promise<void> {
    try {
      this.who = await getJson<SignedIn | SignedOut>(SESSION);
      this.unreachable = false;
    } catch (error) {
      this.unreachable = true;
      throw error;
    }
  }

  actFor(managerCode: string): void {
    localStorage.setItem(MANAGER_KEY, managerCode);
    this.#managerCode = managerCode;
  }

  async signIn(email: string, password: string): Promise<void> {
    this.who = await this.send<SignedIn>('POST', SESSION, { email, password });
  }

  async takeInvitation(token: string, password: string): Promise<void> {
    this.who = await this.send<SignedIn>('POST', '/api/v1/invitations', { token, password });
  }

  async signOut(everywhere: boolean): Promise<void> {
    await this.send('DELETE', everywhere ? `${SESSION}?everywhere=true` : SESSION);
    this.who = { signed_in: false, simulated: this.who?.simulated ?? false };
  }

  /** A request that changes something, in the name of whoever is signed in. */
  async send<Answer>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const headers: Record<string, string> = { accept: 'application/json', ...this.headers(), ...more };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (this.who?.signed_in === true) headers['x-csrf-token'] = this.who.csrf_token;
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      const problem = await Problem.of(response);
      // The session is over: the page asks for the password again instead of failing for ever.
      if (problem.status === 401 && path !== SESSION) await this.ask();
      throw problem;
    }
    return (response.status === 204 ? null : await response.json()) as Answer;
  }

  /** What goes with every request of this person. */
  headers(): Record<string, string> {
    return this.membership === null ? {} : { 'yukimichi-manager': this.membership.manager.code };
  }
}
