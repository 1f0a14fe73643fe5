// Files: uploads, downloads, what is shared in a group or room.
import type { Failure } from '../failure.ts'

export const fileFailures = {
  file_missing: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The upload has no part named file, or that part is empty and has no file name.',
      zh: '上传请求中没有名为 file 的部分，或该部分为空且没有文件名。',
    },
    remedy: {
      en: 'Send multipart/form-data with the content in a part named file.',
      zh: '以 multipart/form-data 发送，文件内容放在名为 file 的部分中。',
    },
  },
  file_too_large: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The uploaded file has more than 10 MB. Nothing of it was kept.',
      zh: '上传的文件超过 10 MB，没有保存任何内容。',
    },
    remedy: {
      en: 'Send a smaller file: compress it, or scale the picture down.',
      zh: '上传更小的文件：压缩文件或缩小图片。',
    },
  },
  file_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The file in the path does not exist in this app, or not in this group.',
      zh: '路径中的文件在该应用（或该群组）中不存在。',
    },
    remedy: {
      en: 'Check the id; the file may have been deleted, or have expired long ago.',
      zh: '检查文件 ID；文件可能已被删除，或早已过期。',
    },
  },
  file_expired: {
    dialects: ['easemob'],
    params: ['file'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The file is past the time for which files of messages are kept (7 days unless set otherwise).',
      zh: '文件已超过消息附件的保存期限（默认 7 天）。',
    },
    remedy: {
      en: 'Ask the sender to send it again; download files soon after their message came.',
      zh: '请发送方重新发送；收到消息后应尽早下载附件。',
    },
  },
  file_secret_wrong: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The file is restricted, and the share-secret is missing or is not the one of this file.',
      zh: '该文件限制访问，而 share-secret 缺失或与该文件不符。',
    },
    remedy: {
      en: 'Send the share-secret that came with the upload or the message, as a header or in the query.',
      zh: '在请求头或查询参数中发送上传结果或消息中附带的 share-secret。',
    },
  },
  file_forbidden: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user is no member of the group or room, or wants to delete a file that somebody else shared.',
      zh: '该用户不是群组或聊天室成员，或试图删除他人共享的文件。',
    },
    remedy: {
      en: 'Join first; leave the deletion to whoever shared the file, the owner, an admin or the app server.',
      zh: '先加入群组；删除应由上传者、群主、管理员或应用服务器执行。',
    },
  },
  group_files_too_many: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The group or room has as many shared files as it may have.',
      zh: '该群组或聊天室的共享文件数量已达上限。',
    },
    remedy: {
      en: 'Delete shared files that nobody needs any more.',
      zh: '删除不再需要的共享文件。',
    },
  },
  range_unsatisfiable: {
    dialects: ['easemob', 'neutral'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The Range header asks for bytes beyond the end of the file.',
      zh: '请求头 Range 所要的字节超出文件末尾。',
    },
    remedy: {
      en: 'Look at Content-Range in the answer: it says how long the file is.',
      zh: '查看响应头 Content-Range，其中给出了文件长度。',
    },
  },
} as const satisfies Record<string, Failure>
