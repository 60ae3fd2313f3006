import { readSetting, writeSetting } from '../settings/device-settings';

export type Theme = 'light' | 'dark';
export type ThemeChoice = Theme | 'auto';

const SETTING = 'theme';
const BROWSER_BAR: Readonly<Record<Theme, string>> = { dark: '#0d141b', light: '#ffffff' };

/** Light or dark, as the reader chose or else as the device says. */
class PageTheme {
  choice: ThemeChoice = $state('auto');
  #deviceIsLight = $state(false);

  get shown(): Theme {
    if (this.choice !== 'auto') return this.choice;
    return this.#deviceIsLight ? 'light' : 'dark';
  }

  start(): void {
    const kept = readSetting(SETTING);
    if (kept === 'light' || kept === 'dark') this.choice = kept;
    const device = matchMedia('(prefers-color-scheme: light)');
    this.#deviceIsLight = device.matches;
    device.addEventListener('change', ({ matches }) => {
      this.#deviceIsLight = matches;
      this.#apply();
    });
    this.#apply();
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    writeSetting(SETTING, choice === 'auto' ? null : choice);
    this.#apply();
  }

  #apply(): void {
    document.documentElement.dataset['theme'] = this.shown;
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', BROWSER_BAR[this.shown]);
  }
}

export const theme = new PageTheme();
