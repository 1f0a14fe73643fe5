// Figures of the clients and outboxes: `new Metrics()`, `observer: metrics.observe`, then `await metrics.text()`.
export { type Figure, Metrics, type MetricsOptions, type Sample, type Watched } from './metrics/metrics.ts'
