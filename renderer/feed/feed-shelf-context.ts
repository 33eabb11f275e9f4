import { createContext, useContext } from 'react';
import { FeedShelf } from './feed-shelf.ts';

const FeedShelfContext = createContext(new FeedShelf());

/** The feeds that this window has loaded. */
export function useFeedShelf(): FeedShelf {
  return useContext(FeedShelfContext);
}
