import { useCallback, useEffect, useState } from 'react';

/** A draft is kept while its writer types, once they pause for so long. */
const KEEP_AFTER_MS = 400;

export interface Draft {
  text: string;
  /** It was begun at another time. */
  kept: boolean;
  setText: (text: string) => void;
  /** Forgets it: it was posted, or is not wanted. */
  clear: () => void;
}

/**
 * What somebody has begun to write and not posted yet, kept in this browser.
 *
 * @param key of one and the same place for as long as the component is there
 */
export function useDraft(key: string): Draft {
  const name = `swarm.draft.${key}`;
  const [draft, setDraft] = useState(() => read(name));

  useEffect(() => {
    const save = () => write(name, draft.text);
    const timer = setTimeout(save, KEEP_AFTER_MS);
    addEventListener('pagehide', save);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', save);
      save();
    };
  }, [name, draft.text]);

  const setText = useCallback((text: string) => setDraft({ text, kept: false }), []);
  const clear = useCallback(() => setDraft({ text: '', kept: false }), []);
  return { ...draft, setText, clear };
}

function read(name: string): { text: string; kept: boolean } {
  try {
    const text = localStorage.getItem(name) ?? '';
    return { text, kept: text.trim() !== '' };
  } catch (error) {
    console.info('Drafts can not be kept in this browser.', error);
    return { text: '', kept: false };
  }
}

function write(name: string, text: string): void {
  try {
    if (text.trim() === '') localStorage.removeItem(name);
    else localStorage.setItem(name, text);
  } catch (error) {
    console.info('The draft could not be kept in this browser.', error);
  }
}
