// The operator's page, and one that makes a browser a device. Read once; nothing of the server's is written into them.
import { readFileSync } from 'node:fs'
import type { Answer } from '../http/answer.ts'
import type { NeutralRoute } from './route.ts'

const folder = new URL('../../../console/', import.meta.url)
/** Its own files only, no frame around it, no address passed on. */
const guards = {
  'Content-Security-Policy':
    "default-src 'self'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
}

function page(path: string, file: string, type: string, summary = "The operator's page"): NeutralRoute {
  const body = readFileSync(new URL(file, folder))
  const answer: Answer = {
    status: 200,
    headers: { 'Content-Type': `${type}; charset=utf-8`, ...guards },
    body,
  }
  return {
    method: 'GET',
    path,
    summary,
    produces: type,
    raises: [],
    handle: async () => answer,
  }
}

const forBrowsers = 'A page that makes the browser a device, reached by Web Push'

export const consoleRoutes: readonly NeutralRoute[] = [
  page('/console', 'index.html', 'text/html'),
  page('/console/console.css', 'console.css', 'text/css'),
  page('/console/console.js', 'console.js', 'text/javascript'),
  page('/console/web-push.html', 'web-push.html', 'text/html', forBrowsers),
  page('/console/web-push.js', 'web-push.js', 'text/javascript', forBrowsers),
  page('/console/web-push-store.js', 'web-push-store.js', 'text/javascript', forBrowsers),
  page('/console/web-push-worker.js', 'web-push-worker.js', 'text/javascript', forBrowsers),
]
