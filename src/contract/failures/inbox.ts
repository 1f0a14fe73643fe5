// What keeps the client of a user from sending, or from staying connected. Most of it only instant-messaging clients meet.
import type { Failure } from '../failure.ts'

export const inboxFailures = {
  receiver_unknown: {
    dialects: ['msync'],
    params: ['username'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'There is no user of this name in the app.', zh: '该 App 中不存在接收方用户。' },
    remedy: { en: 'Check the name of the receiver.', zh: '检查接收方用户名。' },
  },
  target_group_unknown: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'There is no such group or room in the app.', zh: '该 App 中不存在该群组或聊天室。' },
    remedy: { en: 'Check the id of the group or room.', zh: '检查群组或聊天室 ID。' },
  },
  target_room_unknown: {
    dialects: ['msync'],
    params: ['room'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'There is no such room in the app to join or leave.',
      zh: '该 App 中不存在要加入或退出的聊天室。',
    },
    remedy: { en: 'Check the id of the room.', zh: '检查聊天室 ID。' },
  },
  login_invalid: {
    dialects: ['msync'],
    params: ['what'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The login names no app or no user, brings no credentials, or its resource is too long.',
      zh: '登录请求缺少 App、用户名或凭据，或 resource 过长。',
    },
    remedy: { en: 'Log in with app key, user and token.', zh: '使用 App Key、用户名和 token 登录。' },
  },
  client_message_invalid: {
    dialects: ['msync'],
    params: ['what'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'What the client has sent cannot be read as a message.',
      zh: '客户端发送的内容不是合法的消息。',
    },
    remedy: { en: 'Mend the client.', zh: '修正客户端。' },
  },
  receivers_too_many: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'A message to some members of a group names too many of them.',
      zh: '群定向消息指定的接收成员过多。',
    },
    remedy: { en: 'Name fewer, or send it to the whole group.', zh: '减少接收成员，或发给整个群组。' },
  },
  client_operation_unknown: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The server does not know what the client asks for.', zh: '服务器不支持客户端请求的操作。' },
    remedy: { en: 'Use the REST call for it.', zh: '改用对应的 REST 接口。' },
  },
  sender_no_member: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The sender is not in the group or room.', zh: '发送方不在该群组或聊天室中。' },
    remedy: { en: 'Join it first.', zh: '先加入群组或聊天室。' },
  },
  callback_refused: {
    dialects: ['msync'],
    params: ['reason'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The app’s own server was asked, and refused the message; or gave no answer, and its rule refuses then.',
      zh: '应用服务器的发送前回调拒绝了该消息；或未应答且规则设为拒绝。',
    },
    remedy: {
      en: 'Change the message as the reason says, or have the operator look at the callback.',
      zh: '按原因修改消息，或请运维检查回调服务。',
    },
  },
  group_disabled: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The group has been disabled.', zh: '群组已被禁用。' },
    remedy: { en: 'Have the app’s server enable it.', zh: '由应用服务器解除禁用。' },
  },
  user_session_gone: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'refresh-auth',
    cause: { en: 'The session has ended.', zh: '会话已结束。' },
    remedy: { en: 'Log in again.', zh: '重新登录。' },
  },
  user_devices_too_many: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The user is logged in on as many devices as may be.', zh: '该用户登录的设备数已达上限。' },
    remedy: { en: 'Log out on another device.', zh: '先在其他设备上退出登录。' },
  },
} as const satisfies Record<string, Failure>
