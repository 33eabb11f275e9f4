import { createContext, useContext } from 'react';
import type { FeedLine } from './feed-line.ts';
import type { FeedShelf } from './feed-shelf.ts';

/** What all feeds of a window share. */
export interface FeedContextValue {
  line: FeedLine;
  shelf: FeedShelf;
}

export const FeedContext = createContext<FeedContextValue | undefined>(undefined);

export function useFeedContext(): FeedContextValue {
  const value = useContext(FeedContext);
  if (!value) throw new Error('Feeds need a FeedContext above them');
  return value;
}
