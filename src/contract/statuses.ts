// What each HTTP status means in a dialect. The seeds' lists decide which occur; the words are ours.
import type { Dialect, Text } from './failure.ts'

export interface StatusMeaning {
  readonly status: number
  /**
   * `seed`: in the dialect's own list. `later`: in its later documents. `ours`: in neither, answered all
   * the same.
   */
  readonly origin: 'seed' | 'later' | 'ours'
  readonly meaning: Text
}

const seed = (status: number, en: string, zh: string) =>
  ({ status, origin: 'seed', meaning: { en, zh } }) as const satisfies StatusMeaning

const later = (status: number, en: string, zh: string) =>
  ({ status, origin: 'later', meaning: { en, zh } }) as const satisfies StatusMeaning

const ours = (status: number, en: string, zh: string) =>
  ({ status, origin: 'ours', meaning: { en, zh } }) as const satisfies StatusMeaning

export const statuses = {
  easemob: [
    seed(
      200,
      'Done. Success has no other status. Of several items, each says what became of it; so does a recall in the seed edition.',
      '成功。成功只用此状态码。一次处理多项时，每项各自说明结果；seed 版的撤回亦然。',
    ),
    seed(
      400,
      'Bad JSON, a missing or illegal field, a taken name, a refused grant, an unknown app.',
      '请求无法理解或违反规则：JSON 错误、字段缺失或非法、用户名已存在、授权被拒、应用不存在。',
    ),
    seed(
      401,
      'The token is missing, damaged, unknown, expired, or not the right one for this interface.',
      'token 缺失、损坏、未知、过期，或不适用于该接口。',
    ),
    seed(
      403,
      'Understood and refused. For groups and rooms: it contradicts their state, as adding a member twice.',
      '理解请求但拒绝执行。对群组和聊天室表示操作与其当前状态矛盾，例如添加已在群里的用户。',
    ),
    seed(
      404,
      'The user, group, room or file of the path does not exist. In the live edition also an unknown path.',
      '路径所指的用户、群组、聊天室或文件在该应用中不存在；live 版中未知路径也用此状态码。',
    ),
    later(405, 'The path does not offer this method (live edition).', '该路径不支持此请求方法（live 版）。'),
    seed(
      408,
      'The server waited too long for the rest of the request. Nothing was done.',
      '服务器等候请求的剩余部分超时，未执行任何操作。',
    ),
    later(409, 'Another request is doing the same at this moment.', '另一个请求正在执行同样的操作。'),
    seed(
      413,
      'The body has more than 5 KB: split the work into smaller requests. Or an uploaded file has more than 10 MB.',
      '请求体超过 5 KB，应拆成更小的请求；或上传的文件超过 10 MB。',
    ),
    later(
      415,
      'The body is of a type the interface does not read (live edition).',
      '请求体类型不被该接口支持（live 版）。',
    ),
    ours(
      416,
      'A Range header asked for bytes beyond the end of a file. No other call answers it.',
      '请求头 Range 所要的字节超出文件末尾，其他接口不会返回此状态码。',
    ),
    seed(
      429,
      'The app called this interface more often than its limit allows. Wait for Retry-After.',
      '应用调用该接口的频率超过限制，请等待 Retry-After。',
    ),
    seed(
      500,
      'The server failed. Also three mistakes of the caller: contains without index, wrong method, no such API.',
      '服务器内部出错；厂商对三种确定性的调用错误也用此状态码：对无索引属性使用 contains、请求方式不支持、接口不存在。',
    ),
    seed(
      501,
      'The server has not this ability, for instance it does not know the request method.',
      '服务器不具备该功能，例如无法识别请求方法。',
    ),
    seed(502, 'The gateway is up, but the core behind it is not.', '网关正常，但其后的核心不可用。'),
    seed(
      503,
      'The node takes no more now: it limits calls, is busy or is shutting down. Wait for Retry-After.',
      '节点暂时不再接受请求：限流、繁忙或正在关闭。请等待 Retry-After。',
    ),
    seed(
      504,
      'The core did not answer the gateway in time. The work may still be done.',
      '核心未及时应答网关，操作之后仍可能完成。',
    ),
  ],
  jpush: [
    seed(
      200,
      'Done. Only items of a batch may carry an error of their own inside it, and five errors of the Admin API come so.',
      '成功。只有批量请求中的单项可在其中带自己的错误；应用管理接口有五种错误也用此状态码。',
    ),
    seed(
      400,
      'The request is wrong; the message says why. Also every business error without a status of its own.',
      '请求有误，message 说明原因。没有专门状态码的业务错误也用 400。',
    ),
    seed(
      401,
      'appKey and master secret are missing or do not fit.',
      'appKey 与 master secret 缺失或不匹配。',
    ),
    seed(
      403,
      'Understood and refused: barred app, address not allowed, right not granted. The message says why.',
      '理解请求但拒绝：应用被禁、地址不允许或没有权限，message 说明原因。',
    ),
    seed(
      404,
      'There is no such interface or resource, or the body is in a format that is not read.',
      '接口或资源不存在，或请求体格式不被支持。',
    ),
    seed(
      405,
      'The interface does not support this method; Allow names those it does.',
      '接口不支持此请求方法，Allow 列出可用的方法。',
    ),
    ours(
      408,
      'The request did not arrive in time. Nothing was done. The one status outside the vendor’s list.',
      '请求未及时到达，未执行任何操作。这是厂商列表之外唯一的状态码。',
    ),
    seed(
      410,
      'The interface was taken out of service; the message carries the notice.',
      '接口已下线，message 中有公告。',
    ),
    seed(
      429,
      'The app has used up its calls of this minute. Wait for Retry-After.',
      '应用本分钟的调用次数已用完，请等待 Retry-After。',
    ),
    seed(500, 'Something failed inside the server.', '服务器内部出错。'),
    seed(
      502,
      'The gateway is up, but the core behind it is down or being upgraded.',
      '网关正常，但其后的核心已停止或正在升级。',
    ),
    seed(
      503,
      'The server cannot answer now: busy, shutting down, or it ran out of time. Wait for Retry-After.',
      '服务器暂时无法应答：繁忙、正在关闭或处理超时。请等待 Retry-After。',
    ),
    seed(
      504,
      'The core runs, but did not answer in time. The work may still be done.',
      '核心在运行但未及时应答，操作之后仍可能完成。',
    ),
  ],
  neutral: [],
} as const satisfies Record<Dialect, readonly StatusMeaning[]>
