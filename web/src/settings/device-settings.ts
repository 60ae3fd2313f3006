const PREFIX = 'yukimichi.';

/** What this device keeps; a browser that keeps nothing gives null. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function writeSetting(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // Private browsing may keep nothing: the choice then holds as long as the page.
  }
}
