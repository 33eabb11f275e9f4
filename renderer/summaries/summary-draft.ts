import { isLoopback } from '../../protocol/node-link.ts';
import type { EndpointKeys, SummarySettings } from '../../protocol/summaries.ts';

/** The settings as they are typed; what is not chosen is kept for when it is. */
export interface SummaryDraft {
  recogniser: SummarySettings['recogniser']['kind'];
  command: string;
  recogniserUrl: string;
  recogniserModel: string;
  recogniserKey: string;
  summariser: SummarySettings['summariser']['kind'];
  summariserUrl: string;
  summariserModel: string;
  summariserKey: string;
}

export function draftOf({ recogniser, summariser }: SummarySettings): SummaryDraft {
  return {
    recogniser: recogniser.kind,
    command: recogniser.kind === 'command' ? recogniser.command : '',
    recogniserUrl: 'url' in recogniser ? recogniser.url : '',
    recogniserModel: recogniser.kind === 'openai' ? recogniser.model : 'whisper-1',
    recogniserKey: '',
    summariser: summariser.kind,
    summariserUrl: summariser.kind === 'openai' ? summariser.url : '',
    summariserModel: summariser.kind === 'openai' ? summariser.model : '',
    summariserKey: '',
  };
}

/** What is to be saved, not looked at yet; keys only where one was typed. */
export function settingsOf(draft: SummaryDraft): {
  recogniser: object;
  summariser: object;
  keys: EndpointKeys;
} {
  const { recogniser, summariser } = draft;
  const url = draft.recogniserUrl.trim();
  return {
    recogniser: {
      kind: recogniser,
      ...(recogniser === 'command' && { command: draft.command }),
      ...(recogniser === 'whisper-server' && { url }),
      ...(recogniser === 'openai' && { url, model: draft.recogniserModel }),
    },
    summariser: {
      kind: summariser,
      ...(summariser === 'openai' && {
        url: draft.summariserUrl.trim(),
        model: draft.summariserModel,
      }),
    },
    keys: {
      ...(draft.recogniserKey && { recogniser: draft.recogniserKey }),
      ...(draft.summariserKey && { summariser: draft.summariserKey }),
    },
  };
}

/** Whether what is sent to this address stays on this computer. */
export function staysHere(url: string): boolean {
  return URL.canParse(url) && isLoopback(url);
}
