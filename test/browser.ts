// A headless Chromium for tests: Debian's, or another that is installed.
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Page } from 'playwright-core'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const found = candidates.find(path => existsSync(path))
if (!found && process.env.CI) throw new Error('no Chromium: .ci/run installs Debian’s')

/** Why nothing is tried in a browser; false where there is one. That there is none is an error in CI. */
export const noBrowser = !found && 'NO BROWSER: the Web SDK is not tried in Chromium (install chromium)'

interface Scope {
  after(fn: () => Promise<void> | void): void
}

/** An empty page at an origin of its own, as an app's page has one. Closed with the scope. */
export async function openPage(scope: Scope): Promise<Page> {
  const site = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end('<!doctype html><title>app</title>')
  })
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  scope.after(() => {
    site.close()
  })
  const browser = await chromium.launch({
    executablePath: found!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  scope.after(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
  return page
}
