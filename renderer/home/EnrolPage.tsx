import { Copy, HousePlus } from 'lucide-react';
import { toast } from 'sonner';
import { useStudio } from '../app/studio-context.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/copy-text.ts';
import { explain } from '../ui/explain.ts';
import { Notice } from '../ui/Notice.tsx';

/** What somebody finds who opens an invitation to enrol in a browser. */
export function EnrolPage() {
  const { node } = useStudio();
  usePageTitle('An invitation');

  async function copy() {
    try {
      await copyText(window.location.href);
      toast('The invitation is copied. Paste it in Swarm Studio, under your name, “Home”.');
    } catch (error) {
      toast.error(explain(error).message);
    }
  }

  return (
    <Notice
      icon={<HousePlus />}
      title={`An invitation to ${node.name}`}
      actions={
        <Button variant="primary" icon={<Copy size={16} aria-hidden="true" />} onClick={copy}>
          Copy the invitation
        </Button>
      }
      page
    >
      <p>
        With it you can have your rooms on this node. It is for the Swarm Studio app: open the menu
        at your name there, choose “Home”, and paste it. Keep it to yourself until then.
      </p>
    </Notice>
  );
}
