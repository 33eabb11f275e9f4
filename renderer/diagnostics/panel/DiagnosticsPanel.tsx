import { useShallow } from 'zustand/react/shallow';
import { relayUse } from '../../rooms/relay-use.ts';
import { useStreamingActions, useStreamingState } from '../../rooms/streaming-context.tsx';
import { orderedPeople } from '../../stage/room-people.ts';
import type { DiagnosticsCollector } from '../links/diagnostics-collector.ts';
import { CopyReport } from './CopyReport.tsx';
import styles from './Panel.module.css';
import { PeerDetails } from './PeerDetails.tsx';
import { heartbeatWords, recorderWords, relayWords, signallingWords } from './session-words.ts';
import { useLinkHistories } from './use-diagnostics.ts';

/** The state of everything between this page, the node and the others, about once a second. */
export function DiagnosticsPanel({ collector }: { collector: DiagnosticsCollector }) {
  const histories = useLinkHistories(collector);
  const { participants, self, links } = useStreamingState(
    useShallow(({ participants, self, links }) => ({ participants, self, links })),
  );
  const others = orderedPeople({ participants, self }).flatMap(({ peerId, displayName }) => {
    const link = links[peerId];
    return link ? [{ peerId, displayName, link }] : [];
  });
  return (
    <div className={styles.panel}>
      <RoomFacts />
      {others.length === 0 && <p className={styles.nobody}>Nobody else is connected yet.</p>}
      {others.map(({ peerId, displayName, link }) => (
        <PeerDetails
          key={peerId}
          name={displayName}
          link={link}
          history={histories.get(peerId) ?? []}
        />
      ))}
      <CopyReport histories={histories} />
    </div>
  );
}

/** Rendered anew with the panel, so that ages go on. */
function RoomFacts() {
  const { lastEcho } = useStreamingActions();
  const signalling = useStreamingState((state) => state.signalling);
  const recorder = useStreamingState((state) => state.recorder);
  const relayed = useStreamingState((state) => relayWords(relayUse(state)));
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Signalling</dt>
        <dd>{signallingWords(signalling)}</dd>
      </div>
      <div>
        <dt>Heartbeat</dt>
        <dd>{heartbeatWords(lastEcho(), Date.now())}</dd>
      </div>
      {relayed !== undefined && (
        <div>
          <dt>Relay</dt>
          <dd>{relayed}</dd>
        </div>
      )}
      {recorder.state !== 'off' && (
        <div>
          <dt>Recorder</dt>
          <dd>{recorderWords(recorder)}</dd>
        </div>
      )}
    </dl>
  );
}
