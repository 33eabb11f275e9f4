import { access } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';
import { contentSecurityPolicy, SECURITY_HEADERS } from '../content-security-policy.ts';
import { APP_SCHEME, isOwnUrl } from './own-origin.ts';
import { uiFile } from './ui-file.ts';

/** Gives `studio://app` the standing of an https origin. Only before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        stream: true,
        codeCache: true,
      },
    },
  ]);
}

/** Serves the built UI at `studio://app`, each answer under the content security policy. */
export function serveAppScheme(uiDir: string, nodeUrls: () => readonly string[]): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const headers = {
      ...SECURITY_HEADERS,
      'content-security-policy': contentSecurityPolicy(nodeUrls()),
    };
    const file = isOwnUrl(request.url) ? uiFile(uiDir, new URL(request.url).pathname) : undefined;
    if (!file || request.method !== 'GET' || !(await exists(file))) {
      return new Response('There is nothing at this address.', { status: 404, headers });
    }
    const found = await net.fetch(pathToFileURL(file).href);
    const type = found.headers.get('content-type');
    return new Response(found.body, {
      headers: { ...headers, ...(type && { 'content-type': type }) },
    });
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}
