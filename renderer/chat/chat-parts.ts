import type { SignedChatDeletion, SignedChatMessage } from '../../protocol/chat.ts';
import {
  MAX_EVENTS_PER_MESSAGE,
  MAX_PEER_MESSAGE_BYTES,
  type PeerMessage,
} from '../../protocol/peer-messages.ts';

export type ChatSaid = Extract<PeerMessage, { type: 'chat:said' }>;

const encoder = new TextEncoder();
/** What is around the items of a part, and then some. */
const FRAME_BYTES = 200;

/** Messages and deletions in parts that a data channel carries. */
export function chatParts(all: {
  messages: readonly SignedChatMessage[];
  deletions: readonly SignedChatDeletion[];
}): ChatSaid[] {
  return [
    ...inParts(all.messages).map((messages) => said({ messages })),
    ...inParts(all.deletions).map((deletions) => said({ deletions })),
  ];
}

function said({ messages = [], deletions = [] }: Partial<ChatSaid>): ChatSaid {
  return { type: 'chat:said', messages, deletions };
}

function inParts<T>(items: readonly T[]): T[][] {
  const parts: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = encoder.encode(JSON.stringify(item)).length + 1;
    const last = parts.at(-1);
    const fits =
      last &&
      last.length < MAX_EVENTS_PER_MESSAGE &&
      bytes + size + FRAME_BYTES <= MAX_PEER_MESSAGE_BYTES;
    if (fits) {
      last.push(item);
      bytes += size;
    } else {
      parts.push([item]);
      bytes = size;
    }
  }
  return parts;
}
