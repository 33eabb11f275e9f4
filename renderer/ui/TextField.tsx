import { Field } from '@base-ui/react/field';
import { clsx } from 'clsx';
import type { ComponentProps, ReactNode } from 'react';
import styles from './TextField.module.css';

interface CommonProps {
  label: string;
  /** Keeps the label for assistive technology alone. */
  labelHidden?: boolean;
  description?: ReactNode;
  /** What is wrong with the value, and how to put it right. */
  problem?: string | undefined;
  prefix?: string;
}

export type TextFieldProps = CommonProps & Omit<ComponentProps<'input'>, 'prefix' | 'defaultValue'>;

/** A labelled line of text. */
export function TextField(props: TextFieldProps) {
  const { label, labelHidden, description, problem, prefix, className, ...input } = props;
  return (
    <Labelled {...{ label, labelHidden, description, problem, className }}>
      <span className={styles.box}>
        {prefix && (
          <span className={styles.prefix} aria-hidden="true">
            {prefix}
          </span>
        )}
        <Field.Control {...input} className={styles.input} />
      </span>
    </Labelled>
  );
}

export type TextAreaProps = CommonProps & Omit<ComponentProps<'textarea'>, 'prefix'>;

/** Labelled text that grows with what is written. */
export function TextArea(props: TextAreaProps) {
  const { label, labelHidden, description, problem, className, ...area } = props;
  return (
    <Labelled {...{ label, labelHidden, description, problem, className }}>
      <span className={styles.box}>
        <Field.Control
          render={<textarea {...area} className={clsx(styles.input, styles.area)} />}
        />
      </span>
    </Labelled>
  );
}

function Labelled(
  props: { [K in keyof CommonProps]?: CommonProps[K] | undefined } & {
    className?: string | undefined;
    children: ReactNode;
  },
) {
  const { label, labelHidden, description, problem, className, children } = props;
  return (
    <Field.Root className={clsx(styles.field, className)} invalid={problem !== undefined}>
      <Field.Label className={labelHidden ? 'visually-hidden' : styles.label}>{label}</Field.Label>
      {children}
      {problem ? (
        <Field.Error match className={styles.problem}>
          {problem}
        </Field.Error>
      ) : (
        description && (
          <Field.Description className={styles.description}>{description}</Field.Description>
        )
      )}
    </Field.Root>
  );
}
