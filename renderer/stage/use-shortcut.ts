import { useEffect } from 'react';

const APPLE = /mac|iphone|ipad/i.test(navigator.userAgent);

/** How a shortcut is written here, e.g. `Ctrl D`. */
export function shortcutHint(letter: string): string {
  return APPLE ? `⌘ ${letter}` : `Ctrl ${letter}`;
}

/**
 * Runs `action` on Control (or Command) and a letter, anywhere in the window. With the modifier it
 * can't be hit while typing (WCAG 2.1.4). `undefined` leaves the keys to the browser.
 *
 * @param whileTyping whether it counts in a text field, too, where the keys may mean something
 */
export function useShortcut(
  letter: string,
  action: (() => void) | undefined,
  { whileTyping = true } = {},
) {
  useEffect(() => {
    if (!action) return;
    function onKeyDown(event: KeyboardEvent) {
      const modifier = APPLE ? event.metaKey : event.ctrlKey;
      if (!modifier || event.altKey || event.shiftKey || event.repeat) return;
      if (event.key.toLowerCase() !== letter) return;
      if (!whileTyping && isTyping(event.target)) return;
      event.preventDefault();
      action?.();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [letter, action, whileTyping]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]');
}
