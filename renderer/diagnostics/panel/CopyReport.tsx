import { ClipboardCopy } from 'lucide-react';
import { useState } from 'react';
import { useStudio } from '../../app/studio-context.ts';
import { useStreaming } from '../../rooms/streaming-context.tsx';
import { Button } from '../../ui/Button.tsx';
import type { LinkHistories } from '../links/diagnostics-collector.ts';
import { diagnosticsReport } from '../report/diagnostics-report.ts';
import { pageLog } from '../report/page-log.ts';
import styles from './Panel.module.css';

/** Puts a report for bug reports on the clipboard; where that is refused, shows it to be copied. */
export function CopyReport({ histories }: { histories: LinkHistories }) {
  const { node, info, member, guestName } = useStudio();
  const { state, lastEcho } = useStreaming();
  /** The report itself where the clipboard did not take it. */
  const [outcome, setOutcome] = useState<{ copied: true } | { copied: false; report: string }>();

  async function copy() {
    const report = diagnosticsReport({
      nowMs: Date.now(),
      versions: {
        app: info?.version ?? node.version,
        environment: node.environment,
        shell: info?.host ?? 'guest',
      },
      browser: {
        userAgent: navigator.userAgent,
        cores: navigator.hardwareConcurrency,
        online: navigator.onLine,
      },
      state,
      histories,
      echo: lastEcho(),
      log: pageLog.entries,
      names: [node.name, guestName, member?.displayName ?? '', member?.handle ?? ''],
    });
    try {
      await navigator.clipboard.writeText(report);
      setOutcome({ copied: true });
    } catch (error) {
      console.info('This page may not use the clipboard.', error);
      setOutcome({ copied: false, report });
    }
  }

  return (
    <div className={styles.report}>
      <Button
        size="small"
        wide
        icon={<ClipboardCopy size={16} aria-hidden="true" />}
        onClick={() => void copy()}
      >
        Copy report
      </Button>
      <p className={styles.note}>
        For bug reports. No names, invitations or whole addresses are in it, and it is sent nowhere.
      </p>
      <p role="status" className={styles.note}>
        {outcome?.copied && 'The report is on the clipboard.'}
        {outcome?.copied === false && 'This page may not use the clipboard. Copy it from here:'}
      </p>
      {outcome?.copied === false && (
        <textarea
          className={styles.text}
          aria-label="The report, to copy by hand"
          readOnly
          rows={6}
          value={outcome.report}
          onFocus={(event) => event.target.select()}
        />
      )}
    </div>
  );
}
