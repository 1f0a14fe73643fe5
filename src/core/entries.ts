// Rows of the log and of inboxes as what clients read.
import type { Entry, MessageContent } from '../contract/operations/inbox.ts'
import type { RoomPriority } from '../contract/operations/messages.ts'
import type { EditFacts, Notice } from '../contract/operations/notices.ts'
import { timeOfMessageId } from '../lib/message-id.ts'
import type { EntryRow } from '../store/inbox.ts'
import type { EditMark, MessageRow } from '../store/messages.ts'

/** @param facts of the conversation that it is in */
export function toEntry(row: EntryRow, facts: Pick<MessageFacts, 'thread'> = {}): Entry {
  if (row.notice === null) return messageEntry({ ...row, msgId: row.entryId }, facts)
  const notice = JSON.parse(row.notice) as Notice
  return { id: row.entryId, content: notice.is === 'signal' ? { ...notice, ...facts } : notice }
}

/** Rooms, which alone have priorities, are read from the log. */
type ReadableMessage = Omit<MessageRow, 'appId' | 'conversation' | 'priority'> &
  Partial<Pick<MessageRow, 'priority'>>

/** What is known of a message beside its row. */
export type MessageFacts = Pick<MessageContent, 'reactions' | 'thread' | 'overview'>

export function messageEntry(row: ReadableMessage, facts: MessageFacts = {}): Entry {
  const { msgId, chatType, sender, senderResource, target, payload, body, edit, priority } = row
  return {
    id: msgId,
    content: {
      is: 'message',
      chatType,
      from: sender,
      resource: senderResource,
      to: target,
      payload,
      ...(body !== null && { body }),
      ...(edit !== null && { edit: editOf(row, JSON.parse(edit) as EditMark) }),
      ...(priority && { priority: priority as RoomPriority }),
      ...facts,
    },
  }
}

export function editOf({ msgId, sender }: Pick<MessageRow, 'msgId' | 'sender'>, mark: EditMark): EditFacts {
  return { sender, sentAt: timeOfMessageId(msgId), ...mark }
}
