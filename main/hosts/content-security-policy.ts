/**
 * What the studio's own window may load: its own files; media and data from the nodes it is on; no
 * frame around it, no plugin, no inline script. Styles may be inline because the UI primitives
 * place popups that way; workers may be blobs because hls.js makes its own.
 *
 * @param nodeUrls where it reaches them, e.g. `http://127.0.0.1:41234`
 * @param bridgeSocket the bridge's WebSocket where it has one, e.g. `ws://127.0.0.1:40001`
 */
export function contentSecurityPolicy(nodeUrls: readonly string[], bridgeSocket?: string): string {
  const nodes = nodeUrls.map((url) => new URL(url).origin);
  const nodeSockets = nodes.map((node) => node.replace(/^http/, 'ws'));
  const directives = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'worker-src': ["'self'", 'blob:'],
    'style-src': ["'self'", "'unsafe-inline'"],
    'font-src': ["'self'"],
    'img-src': ["'self'", 'data:', 'blob:', ...nodes],
    'media-src': ["'self'", 'blob:', ...nodes],
    'connect-src': ["'self'", ...nodes, ...nodeSockets, ...(bridgeSocket ? [bridgeSocket] : [])],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

/** The other headers that every page of the studio's own window carries. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(self), display-capture=(self), geolocation=()',
} as const;
