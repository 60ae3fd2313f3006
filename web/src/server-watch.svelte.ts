import { getFeeds, type FeedList } from './api/feeds';
import { ServerClock } from './clock';
import { contactAt, type Contact, type Hearing } from './contact';
import { keepContact, keptContact } from './offline/kept-contact';
import { startPoll, type Poll } from './poll';

const POLL_MS = 10_000;
const RETRY_MS = 5_000;
const TICK_MS = 1_000;

/** What the page knows of its server: the time there, the feeds, and when it was last heard. */
export class ServerWatch {
  feedList: FeedList | null = $state.raw(null);
  /** The server's time, ticking. */
  nowMs: number = $state(0);
  contact: Contact = $state('none');
  /** In the server's time. */
  lastContactMs: number | null = $state(null);
  /** Nothing heard and at least one attempt failed. */
  neverReached: boolean = $state(false);

  readonly #clock = new ServerClock(Date.now);
  readonly #onReturn: () => void;
  #hearing: Hearing = { askedSinceMs: null, lastContactMs: null };
  #lastAttemptFailed = false;
  #asking = false;
  #poll: Poll | null = null;
  #ticker: ReturnType<typeof setInterval> | undefined;

  /** `onReturn` is called when the server answers again after an attempt that failed. */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
    this.nowMs = this.#clock.nowMs();
  }

  start(): () => void {
    this.#poll = startPoll(() => this.#ask(), { intervalMs: POLL_MS, retryMs: RETRY_MS, page: document });
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    const onVisible = () => this.#tick();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      this.#poll?.stop();
      clearInterval(this.#ticker);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }

  async #ask(): Promise<void> {
    const sentMs = Date.now();
    this.#hearing = { ...this.#hearing, askedSinceMs: this.#hearing.askedSinceMs ?? sentMs };
    this.#asking = true;
    try {
      const list = await getFeeds();
      const receivedMs = Date.now();
      this.#clock.set(Date.parse(list.now), sentMs, receivedMs);
      this.#hearing = { ...this.#hearing, lastContactMs: receivedMs };
      this.lastContactMs = this.#clock.nowMs();
      keepContact({ deviceMs: receivedMs, serverMs: this.lastContactMs });
      this.feedList = list;
      this.neverReached = false;
      if (this.#lastAttemptFailed) this.#onReturn();
      this.#lastAttemptFailed = false;
    } catch (error) {
      this.#lastAttemptFailed = true;
      this.#recallContact();
      this.neverReached = this.#hearing.lastContactMs === null;
      throw error;
    } finally {
      this.#asking = false;
      this.#tick();
    }
  }

  /** Of a page opened without contact: what it shows is as old as the device's last one, in whichever page that was. */
  #recallContact(): void {
    const kept = this.#hearing.lastContactMs === null ? keptContact() : null;
    if (kept === null) return;
    this.#clock.set(kept.serverMs, kept.deviceMs, kept.deviceMs);
    this.#hearing = { ...this.#hearing, lastContactMs: kept.deviceMs };
    this.lastContactMs = kept.serverMs;
  }

  #tick(): void {
    if (document.hidden) return;
    this.nowMs = this.#clock.nowMs();
    const contact = contactAt(this.#hearing, Date.now());
    // A page that was hidden for long has asked nothing meanwhile: it waits for the answer first.
    if (contact !== 'lost' || !this.#asking) this.contact = contact;
  }
}
