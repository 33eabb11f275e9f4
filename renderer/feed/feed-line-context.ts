import { createContext, useContext } from 'react';
import type { FeedLine } from './feed-line.ts';

export const FeedLineContext = createContext<FeedLine | undefined>(undefined);

/** The window's way to hear of feeds. */
export function useFeedLine(): FeedLine {
  const line = useContext(FeedLineContext);
  if (!line) throw new Error('Feeds need a FeedLineContext above them');
  return line;
}
