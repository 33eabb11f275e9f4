import { type NodeGateway, openNodeGateway } from './node-gateway.ts';

/** The gateways of this start, one for each node and certificate; all close together. */
export class NodeGateways {
  readonly #uiOrigins: readonly string[];
  readonly #open = new Map<string, Promise<NodeGateway>>();
  readonly #urls: string[] = [];

  /** @param uiOrigins origins of the studio's own window. */
  constructor(uiOrigins: readonly string[]) {
    this.#uiOrigins = uiOrigins;
  }

  /** Where the window may reach other nodes, as of now. */
  get urls(): readonly string[] {
    return this.#urls;
  }

  /** @param certificate PEM of the only one to accept. */
  async to(origin: string, certificate: string | undefined): Promise<string> {
    const key = `${origin}\n${certificate ?? ''}`;
    const known = this.#open.get(key);
    if (known) return (await known).url;
    const opening = openNodeGateway({ origin, certificate, uiOrigins: this.#uiOrigins });
    this.#open.set(key, opening);
    const { url } = await opening;
    this.#urls.push(url);
    return url;
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map(async (gateway) => (await gateway).close()));
  }
}
