// Runs the benchmarks named on the command line, or all, and prints their figures as one table.
import { audiences } from './audiences.ts'
import { client } from './client.ts'
import { dispatch } from './dispatch.ts'
import { fanOut } from './fan-out.ts'
import { im } from './im.ts'
import { latency } from './latency.ts'
import { memory } from './memory.ts'
import { outage } from './outage.ts'
import { pushes } from './pushes.ts'
import { untilQuiet } from './quiet.ts'
import { type Figure, machine, table } from './report.ts'
import { sends } from './sends.ts'

const benchmarks: Readonly<Record<string, () => Promise<Figure[]>>> = {
  sends,
  pushes,
  'fan-out': fanOut,
  audiences,
  dispatch,
  memory,
  latency,
  im,
  outage,
  client,
}

const wanted = process.argv.slice(2)
const unknown = wanted.find(name => !Object.hasOwn(benchmarks, name))
if (unknown !== undefined) {
  console.error(`there is no benchmark "${unknown}"; there are ${Object.keys(benchmarks).join(', ')}`)
  process.exit(2)
}

if (!(await untilQuiet())) console.error('the machine is busy: read the figures with care')
const figures: Figure[] = []
for (const [name, run] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.error(`${name} …`)
  figures.push(...(await run()))
}
console.log(`${machine()}\n\n${table(figures)}`)
