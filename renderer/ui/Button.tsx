import { clsx } from 'clsx';
import type { ComponentProps, ReactNode } from 'react';
import styles from './Button.module.css';
import { Spinner } from './Spinner.tsx';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'live' | 'inverse' | 'off';
export type ButtonSize = 'small' | 'medium' | 'large';

export interface ButtonLook {
  variant?: ButtonVariant;
  size?: ButtonSize;
  wide?: boolean;
  square?: boolean;
}

/** The class of something that looks like a button, e.g. a link. */
export function buttonClass({ variant = 'secondary', size = 'medium', wide, square }: ButtonLook) {
  return clsx(
    styles.button,
    styles[variant],
    size !== 'medium' && styles[size],
    wide && styles.wide,
    square && styles.square,
  );
}

export interface ButtonProps extends ButtonLook, ComponentProps<'button'> {
  icon?: ReactNode;
  /** Shows a spinner in place of the icon and takes no further clicks; the name stays. */
  busy?: boolean;
}

export function Button({
  variant = 'secondary',
  size = 'medium',
  wide = false,
  square = false,
  icon,
  busy = false,
  disabled,
  className,
  children,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={clsx(buttonClass({ variant, size, wide, square }), className)}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}
