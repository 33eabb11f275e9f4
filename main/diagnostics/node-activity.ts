import { Counter, type Registry } from 'prom-client';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ModerationEvent } from '../../protocol/moderation.ts';

/** What a node did since it started, as Prometheus counters. Never about whom, nor in which room. */
export class NodeActivity {
  readonly #relayed = new Counter({
    name: 'swarm_signals_relayed_total',
    help: 'Offers, answers, candidates and renegotiations passed on between peers',
    registers: [],
  });
  readonly #refusals = new Counter({
    name: 'swarm_refusals_total',
    help: 'Requests and messages refused, by the code of the refusal',
    labelNames: ['code', 'over'],
    registers: [],
  });
  readonly #moderation = new Counter({
    name: 'swarm_moderation_events_total',
    help: 'Acts of moderation that were taken in, by what they do',
    labelNames: ['action'],
    registers: [],
  });

  /** Shows the counters in this registry's `/metrics`. */
  registerIn(registry: Registry): void {
    registry.registerMetric(this.#relayed);
    registry.registerMetric(this.#refusals);
    registry.registerMetric(this.#moderation);
  }

  relayed(): void {
    this.#relayed.inc();
  }

  refused(code: ErrorCode, over: 'rest' | 'socket' | 'tracker'): void {
    this.#refusals.inc({ code, over });
  }

  moderated(action: ModerationEvent['action']): void {
    this.#moderation.inc({ action });
  }
}
