import { CHROMIUM, playwrightConfig } from '../support/playwright-config.ts';

export default playwrightConfig(import.meta.dirname, {
  name: 'relay',
  use: CHROMIUM,
  timeout: 240_000,
});
