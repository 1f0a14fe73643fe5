// Threads as clients read them, in answers of REST, in notices of the server and beside messages (easemob.md §2.12).
import type { ThreadMessage, ThreadOfMessage, ThreadOverview } from './operations/threads.ts'

/** Beside a message that is in a thread. */
export function toThreadFacts({ name, msgId, groupId }: ThreadOfMessage): object {
  return { msg_parent_id: String(msgId), muc_parent_id: groupId, thread_name: name }
}

/** @param parse reads the payload, which is JSON that this server wrote */
export function toMessageJson(
  appKey: string,
  { message, thread }: ThreadMessage,
  parse: (json: string) => unknown,
): object {
  const { msgId, sentAt, chatType, from, to, payload } = message
  const said = parse(payload) as object
  return {
    id: String(msgId),
    from: `${appKey}_${from}`,
    to: `${appKey}_${to}`,
    timestamp: sentAt,
    payload: { ext: {}, ...said, meta: { thread: toThreadFacts(thread) }, from, to, type: chatType },
  }
}

/** Beside the message that a thread is about. */
export function toOverviewJson(
  appKey: string,
  { threadId, groupId, name, createdAt, messageCount, lastMessage }: ThreadOverview,
  parse: (json: string) => unknown,
): object {
  return {
    id: threadId,
    muc_parent_id: groupId,
    name,
    last_message: lastMessage ? toMessageJson(appKey, lastMessage, parse) : {},
    create_timestamp: createdAt,
    update_timestamp: lastMessage?.message.sentAt ?? createdAt,
    message_count: messageCount,
  }
}
