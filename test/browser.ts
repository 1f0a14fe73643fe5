// A headless Chromium for tests: Debian's, or another that is installed.
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { chromium, type Page } from 'playwright-core'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** @returns where the browser is; undefined where there is none, which is an error in CI */
export function findBrowser(): string | undefined {
  const found = candidates.find(path => existsSync(path))
  if (!found && process.env.CI) throw new Error('no Chromium: .ci/run installs Debian’s')
  return found
}

/** An empty page at an origin of its own, as an app's page has one. Closed with the test. */
export async function openPage(t: TestContext, executablePath: string): Promise<Page> {
  const site = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end('<!doctype html><title>app</title>')
  })
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  t.after(() => site.close())
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
  return page
}
