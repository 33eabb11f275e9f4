import { playwrightConfig } from '../support/playwright-config.ts';

export default playwrightConfig(import.meta.dirname, { name: 'electron' });
