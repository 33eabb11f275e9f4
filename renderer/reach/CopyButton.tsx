import { Copy } from 'lucide-react';
import { toast } from 'sonner';
import { copyText } from '../ui/copy-text.ts';
import { explain } from '../ui/explain.ts';
import { IconButton } from '../ui/IconButton.tsx';

/** Puts a text on the clipboard and says so. */
export function CopyButton({ label, text, said }: { label: string; text: string; said: string }) {
  async function copy() {
    try {
      await copyText(text);
      toast(said);
    } catch (error) {
      toast.error(explain(error).message);
    }
  }
  return (
    <IconButton
      label={label}
      size="small"
      variant="ghost"
      icon={<Copy size={16} aria-hidden="true" />}
      onClick={copy}
    />
  );
}
