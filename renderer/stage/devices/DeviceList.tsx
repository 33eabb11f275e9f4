import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useId } from 'react';
import type { Device } from '../../media/devices.ts';
import styles from './DeviceList.module.css';

export interface DeviceListProps {
  legend: string;
  devices: readonly Device[];
  /** The id of the one that is chosen or in use; empty for none. */
  value: string;
  onChange: (deviceId: string) => void;
}

/** Devices of one kind to choose from. */
export function DeviceList({ legend, devices, value, onChange }: DeviceListProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <span id={id} className={styles.legend}>
        {legend}
      </span>
      {devices.length === 0 ? (
        <p className={styles.none}>None is plugged in.</p>
      ) : (
        <RadioGroup
          className={styles.list}
          aria-labelledby={id}
          value={value}
          onValueChange={onChange}
        >
          {devices.map(({ deviceId, label }, index) => (
            <Radio.Root key={deviceId} value={deviceId} className={styles.device}>
              <span className={styles.mark} aria-hidden="true">
                <Radio.Indicator className={styles.dot} />
              </span>
              <span className={styles.name}>{label || `${legend} ${index + 1}`}</span>
            </Radio.Root>
          ))}
        </RadioGroup>
      )}
    </div>
  );
}
