import { ImagePlus } from 'lucide-react';
import { type DragEvent, useEffect, useState } from 'react';
import styles from './PictureField.module.css';
import { PICTURE_TYPES, pictureFileProblem } from './picture-file.ts';

export interface PictureFieldProps {
  /** What was chosen; `undefined` before that. */
  file: File | undefined;
  /** What is shown before anything was chosen. */
  currentUrl: string | undefined;
  /** A file that may be a picture, or why it is none. */
  onChoose: (file: File | undefined, problem: string | undefined) => void;
}

/** Chooses a picture from the disk and shows what will be seen of it. */
export function PictureField({ file, currentUrl, onChoose }: PictureFieldProps) {
  const chosenUrl = useFileUrl(file);
  const shown = chosenUrl ?? currentUrl;

  function choose(chosen: File | undefined) {
    if (!chosen) return;
    const problem = pictureFileProblem(chosen);
    onChoose(problem === undefined ? chosen : undefined, problem);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    choose(event.dataTransfer.files[0]);
  }

  return (
    <label
      className={styles.field}
      data-filled={shown !== undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      {shown !== undefined && (
        <img
          className={styles.picture}
          src={shown}
          alt=""
          onError={() => {
            if (file) onChoose(undefined, 'This picture can’t be read. Choose another one.');
          }}
        />
      )}
      <span className={styles.words}>
        <ImagePlus size={18} aria-hidden="true" />
        {shown === undefined ? 'Choose a picture' : 'Choose another picture'}
      </span>
      <input
        className="visually-hidden"
        type="file"
        accept={PICTURE_TYPES.join(',')}
        onChange={(event) => {
          choose(event.target.files?.[0]);
          // The same file can be chosen again after a refusal.
          event.target.value = '';
        }}
      />
    </label>
  );
}

function useFileUrl(file: File | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!file) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(undefined);
    };
  }, [file]);
  return url;
}
