import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { type ReactNode, useId } from 'react';
import styles from './RadioCards.module.css';

export interface RadioCard<V extends string> {
  value: V;
  label: string;
  description: string;
  icon: ReactNode;
}

export interface RadioCardsProps<V extends string> {
  legend: string;
  value: V;
  options: readonly RadioCard<V>[];
  onChange: (value: V) => void;
}

/** One choice among a few, each with what it means. */
export function RadioCards<V extends string>(props: RadioCardsProps<V>) {
  const { legend, value, options, onChange } = props;
  const id = useId();
  return (
    <div className={styles.group}>
      <span id={`${id}-legend`} className={styles.legend}>
        {legend}
      </span>
      <RadioGroup
        className={styles.options}
        aria-labelledby={`${id}-legend`}
        value={value}
        onValueChange={onChange}
      >
        {options.map((option) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: Radio.Root renders the labelled input.
          <label key={option.value} className={styles.option}>
            <Radio.Root
              value={option.value}
              className={styles.radio}
              aria-labelledby={`${id}-${option.value}`}
              aria-describedby={`${id}-${option.value}-means`}
            >
              <Radio.Indicator className={styles.dot} />
            </Radio.Root>
            <span className={styles.words}>
              <span id={`${id}-${option.value}`} className={styles.name}>
                {option.icon}
                {option.label}
              </span>
              <span id={`${id}-${option.value}-means`} className={styles.meaning}>
                {option.description}
              </span>
            </span>
          </label>
        ))}
      </RadioGroup>
    </div>
  );
}
