import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useId } from 'react';
import styles from './ChoiceField.module.css';

export interface ChoiceFieldProps<V extends string> {
  legend: string;
  value: V;
  options: readonly { value: V; label: string }[];
  onChange: (value: V) => void;
}

/** One choice among a few that need no explanation, side by side. */
export function ChoiceField<V extends string>(props: ChoiceFieldProps<V>) {
  const { legend, value, options, onChange } = props;
  const id = useId();
  return (
    <div className={styles.field}>
      <span id={id} className={styles.legend}>
        {legend}
      </span>
      <RadioGroup
        className={styles.choices}
        aria-labelledby={id}
        value={value}
        onValueChange={onChange}
      >
        {options.map((option) => (
          <Radio.Root key={option.value} value={option.value} className={styles.choice}>
            {option.label}
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  );
}
