import { Copy } from 'lucide-react';
import type { RecordingCopy } from '../../protocol/replicas.ts';
import { Chip } from '../ui/Chip.tsx';
import { copiesWords, copyLines } from './copies-words.ts';

/** How many copies of a recording other nodes have. */
export function CopiesChip({ copies }: { copies: readonly RecordingCopy[] }) {
  const words = copiesWords(copies);
  if (words === undefined) return null;
  return (
    <Chip icon={<Copy />} title={copyLines(copies).join('\n')}>
      {words}
    </Chip>
  );
}
