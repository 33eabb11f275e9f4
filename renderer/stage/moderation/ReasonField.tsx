import { MAX_REASON_LENGTH } from '../../../protocol/moderation.ts';
import { TextField } from '../../ui/TextField.tsx';

export interface ReasonFieldProps {
  value: string;
  onChange: (reason: string) => void;
}

/** What a moderator tells the person about an act, in their own words. */
export function ReasonField({ value, onChange }: ReasonFieldProps) {
  return (
    <TextField
      label="Reason"
      maxLength={MAX_REASON_LENGTH}
      value={value}
      description="They see it. You may leave it empty."
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** The part of an act that carries it: nothing where nothing was typed. */
export function reasonPart(typed: string): { reason?: string } {
  const reason = typed.trim();
  return reason ? { reason } : {};
}
