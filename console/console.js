// The operator's page: the state of the core, what was answered, the apps. Everything it shows comes from the admin
// API and /metrics; the token stays in this tab.
const tokenKey = 'posthouse-token'
const refreshMs = 2000
const states = ['running', 'stopped', 'frozen', 'draining']
const $ = id => document.getElementById(id)
let timer

async function api(method, path, body) {
  const response = await fetch(`/admin/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${sessionStorage.getItem(tokenKey)}` },
    body: body && JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok) throw Object.assign(new Error(answer.error.message), { status: response.status })
  return answer
}

/** An element with text: nothing from the server is ever read as HTML. */
function element(name, text, children = []) {
  const made = document.createElement(name)
  if (text !== undefined) made.textContent = text
  made.append(...children)
  return made
}

async function refresh() {
  clearTimeout(timer)
  try {
    // The core's state first: what follows waits for a core that may be frozen on purpose.
    showCore(await api('GET', '/core'))
    show(true)
    showAnswers(await readAnswers())
    showApps((await api('GET', '/apps')).apps)
    showProblem()
  } catch (error) {
    showProblem(error.message)
    if (error.status === 401) return signOut()
  }
  timer = setTimeout(refresh, refreshMs)
}

function showCore({ state, ready }) {
  $('core').textContent = `core ${state}${state === 'running' && !ready ? ', restarting' : ''}`
  $('states').replaceChildren(
    ...states.map(name => {
      const button = element('button', name)
      button.ariaPressed = String(name === state)
      button.onclick = () =>
        api('PUT', '/core', { state: name }).then(refresh, error => showProblem(error.message))
      return button
    }),
  )
}

/** The two counters of /metrics that speak of answers, by dialect and status. */
async function readAnswers() {
  const text = await (await fetch('/metrics')).text()
  const rows = new Map()
  const line = /^posthouse_http_answer(s|_milliseconds)_total\{dialect="(\w+)",status="(\d+)"\} (\d+)/gm
  for (const [, counter, dialect, status, value] of text.matchAll(line)) {
    const row = rows.get(`${dialect} ${status}`) ?? { dialect, status, count: 0, ms: 0 }
    row[counter === 's' ? 'count' : 'ms'] = Number(value)
    rows.set(`${dialect} ${status}`, row)
  }
  return [...rows.values()].sort((a, b) => `${a.dialect}${a.status}`.localeCompare(`${b.dialect}${b.status}`))
}

function showAnswers(rows) {
  $('answers').replaceChildren(
    ...rows.map(({ dialect, status, count, ms }) =>
      element('tr', undefined, [
        element('td', dialect),
        element('td', status),
        element('td', count.toLocaleString()),
        element('td', `${(ms / Math.max(1, count)).toFixed(1)} ms`),
      ]),
    ),
  )
}

/** Drawn once: a redraw would close what the operator has opened. */
function showApps(apps) {
  if ($('apps').childElementCount === apps.length) return
  $('apps').replaceChildren(
    ...apps.map(({ org, app, ...credentials }) =>
      element('details', undefined, [
        element('summary', `${org}/${app}`),
        element('table', undefined, [
          element(
            'tbody',
            undefined,
            Object.entries(credentials).map(([name, value]) =>
              element('tr', undefined, [
                element('th', name),
                element('td', undefined, [element('code', value)]),
              ]),
            ),
          ),
        ]),
      ]),
    ),
  )
}

function showProblem(text = '') {
  $('problem').textContent = text
  $('problem').hidden = text === ''
}

function show(isSignedIn) {
  document.querySelector('main').hidden = !isSignedIn
  for (const id of ['core', 'sign-out']) $(id).hidden = !isSignedIn
  $('sign-in').hidden = isSignedIn
}

function signOut() {
  clearTimeout(timer)
  sessionStorage.removeItem(tokenKey)
  show(false)
}

$('sign-in').onsubmit = event => {
  event.preventDefault()
  sessionStorage.setItem(tokenKey, new FormData(event.target).get('token').trim())
  event.target.reset()
  refresh()
}
$('sign-out').onclick = signOut
if (sessionStorage.getItem(tokenKey)) refresh()
