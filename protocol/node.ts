import { z } from 'zod';

/**
 * How far along the people of this installation are. A feature is offered from one environment
 * on: what is ready for `general` is there for all, what is `internal` for its makers alone.
 */
export const Environment = z.enum(['internal', 'beta', 'general']);
export type Environment = z.infer<typeof Environment>;

export const Feature = z.enum(['streaming', 'recording', 'projects', 'relay']);
export type Feature = z.infer<typeof Feature>;

/** What a node says of itself at `GET /api/node`, before anybody has a session. */
export const NodeInfo = z.object({
  name: z.string(),
  version: z.string(),
  environment: Environment,
  features: z.array(Feature),
});
export type NodeInfo = z.infer<typeof NodeInfo>;

/** The first environment each feature is ready for. */
const READY_FROM: Record<Feature, Environment> = {
  streaming: 'general',
  recording: 'general',
  projects: 'general',
  relay: 'general',
};

/** What is switched on for the people of this environment. */
export function featuresFor(environment: Environment): Feature[] {
  const rank = Environment.options.indexOf(environment);
  return Feature.options.filter(
    (feature) => Environment.options.indexOf(READY_FROM[feature]) >= rank,
  );
}
