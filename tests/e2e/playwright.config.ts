import { CHROMIUM, playwrightConfig } from '../support/playwright-config.ts';

export default playwrightConfig(import.meta.dirname, { name: 'e2e', use: CHROMIUM });
