// Alerts: `openAlerts({ sinks: [dingtalkSink({ url, secret })] })`, then `observer: alerts.observe`.
export {
  type Alert,
  type AlertMessage,
  type AlertSink,
  type Severity,
  type SinkContext,
  SinkError,
} from './alerts/alert.ts'
export { type Alerts, type AlertsClosing, type AlertsOptions, openAlerts } from './alerts/alerts.ts'
export { type AlertRule, alertRules } from './alerts/rules.ts'
export { type DingtalkOptions, dingtalkSink } from './alerts/sinks/dingtalk.ts'
export { type EmailOptions, emailSink, type MailTransport } from './alerts/sinks/email.ts'
export { type FeishuOptions, feishuSink } from './alerts/sinks/feishu.ts'
export { type SlackOptions, slackSink } from './alerts/sinks/slack.ts'
export { type SignedWebhookOptions, webhookSink } from './alerts/sinks/webhook.ts'
export { type WecomOptions, wecomSink } from './alerts/sinks/wecom.ts'
