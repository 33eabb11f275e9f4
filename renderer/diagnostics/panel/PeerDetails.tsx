import { useId } from 'react';
import type { LinkSample } from '../../rooms/link-sample.ts';
import type { PeerLink } from '../../rooms/streaming.ts';
import { Chip } from '../../ui/Chip.tsx';
import { FIGURE_NAMES, figureWords, pathWords, pictureWords } from '../links/figure-words.ts';
import { judgeLink } from '../links/judge-link.ts';
import {
  FIGURES,
  type Figure,
  figureOf,
  type LinkHistory,
  pointsOf,
} from '../links/link-history.ts';
import styles from './Panel.module.css';
import { Sparkline } from './Sparkline.tsx';

/** What a chart shows at least: the figure at which a line begins to be worth a look. */
const TOPS: Record<Figure, number> = {
  roundTripMs: 200,
  lossShare: 0.05,
  jitterMs: 50,
  receiveBits: 500_000,
  sendBits: 500_000,
};

/** How the connection to one person does, in words, figures and a minute of history. */
export function PeerDetails(props: { name: string; link: PeerLink; history: LinkHistory }) {
  const { name, link, history } = props;
  const titleId = useId();
  const sample = history.at(-1);
  const { grade, words } = judgeLink(link, sample);
  return (
    <section className={styles.peer} aria-labelledby={titleId} data-grade={grade}>
      <header className={styles.peerHeader}>
        <h3 id={titleId} className={styles.name}>
          {name}
        </h3>
        {sample?.relayed !== undefined && (
          <Chip tone={sample.relayed ? 'accent' : 'neutral'}>
            {sample.relayed ? 'Relayed' : 'Direct'}
          </Chip>
        )}
      </header>
      <ul className={styles.words}>
        {words.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        {link.problem && <li>{link.problem}</li>}
      </ul>
      <dl className={styles.figures}>
        {FIGURES.map((figure) => (
          <FigureRow key={figure} figure={figure} history={history} sample={sample} />
        ))}
      </dl>
      {sample && <MediaFacts sample={sample} />}
    </section>
  );
}

function FigureRow(props: {
  figure: Figure;
  history: LinkHistory;
  sample: LinkSample | undefined;
}) {
  const { figure, history, sample } = props;
  const points = pointsOf(history, figure);
  const values = points.map(({ value }) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const label =
    points.length > 1
      ? `Last minute: ${figureWords(figure, lowest)} to ${figureWords(figure, highest)}`
      : 'No history yet';
  return (
    <div className={styles.figure}>
      <dt>{FIGURE_NAMES[figure]}</dt>
      <dd className={styles.value}>{figureWords(figure, sample && figureOf(sample, figure))}</dd>
      <dd>
        <Sparkline points={points} top={TOPS[figure]} label={label} />
      </dd>
    </div>
  );
}

function MediaFacts({ sample }: { sample: LinkSample }) {
  const facts: [string, string | undefined][] = [
    ['Their picture', pictureWords(sample.received.video)],
    ['Your picture', pictureWords(sample.sent.video)],
    ['Sound', soundWords(sample)],
    ['Path', pathWords(sample)],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(
        ([name, value]) =>
          value !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** One codec in both directions is told once. */
function soundWords({ received, sent }: LinkSample): string | undefined {
  const codecs = new Set([received.audio?.codec, sent.audio?.codec]);
  codecs.delete(undefined);
  return codecs.size > 0 ? [...codecs].join(', ') : undefined;
}
