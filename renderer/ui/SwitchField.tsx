import { Field } from '@base-ui/react/field';
import { Switch } from '@base-ui/react/switch';
import type { ReactNode } from 'react';
import styles from './SwitchField.module.css';

export interface SwitchFieldProps {
  label: string;
  description?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** Something that is on or off, with what that means. */
export function SwitchField(props: SwitchFieldProps) {
  const { label, description, checked, disabled = false, onChange } = props;
  return (
    <Field.Root className={styles.field} disabled={disabled}>
      <div className={styles.words}>
        <Field.Label className={styles.label}>{label}</Field.Label>
        {description && (
          <Field.Description className={styles.description}>{description}</Field.Description>
        )}
      </div>
      <Switch.Root className={styles.switch} checked={checked} onCheckedChange={onChange}>
        <Switch.Thumb className={styles.thumb} />
      </Switch.Root>
    </Field.Root>
  );
}
