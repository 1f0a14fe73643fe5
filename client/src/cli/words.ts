// Why a send failed and what to do, in words.
import { failureWords } from '../catalogue/words.ts'

export type Lang = 'en' | 'zh'

export interface Words {
  readonly cause: string
  readonly remedy: string
}

/** What the client itself finds out; the catalogue knows what servers answer. A tab apart: cause and remedy in English, in Chinese. */
const ours: Readonly<Record<string, string>> = {
  connection_not_connected:
    'The server was not reached: no such name, or nobody listens.\tCheck its address and the network; it is tried again by itself.\t无法连接服务器：域名无法解析或端口未监听。\t检查地址与网络；会自动重试。',
  connection_untrusted:
    'The server’s certificate is not trusted.\tCorrect the certificate or the address.\t服务器证书不受信任。\t修正证书或地址。',
  connection_reset:
    'The connection broke before an answer came.\tIt may have been sent: send it again under its key while that is known.\t收到应答前连接中断。\t可能已发出：在键有效期内用原键重发。',
  connection_stale:
    'A kept connection was closed under the request.\tIt may have been sent: send it again under its key while that is known.\t复用的连接在请求期间被关闭。\t可能已发出：在键有效期内用原键重发。',
  connection_cut:
    'The answer ended in its middle.\tIt may have been sent: send it again under its key while that is known.\t应答中途中断。\t可能已发出：在键有效期内用原键重发。',
  connection_timeout:
    'No answer came in time.\tIt may have been sent: send it again under its key while that is known.\t未在时限内收到应答。\t可能已发出：在键有效期内用原键重发。',
  connection_cancelled:
    'The send was broken off, as at a close.\tIt may have been sent: send it again under its key while that is known.\t发送被中止，例如关闭时。\t可能已发出：在键有效期内用原键重发。',
  answer_unreadable:
    'A success came that is none of this API, as of a proxy.\tCheck what stands between; find out whether it was sent.\t返回了不属于该 API 的成功应答，例如来自代理。\t检查中间设备，确认是否已发出。',
  answer_incomplete:
    'A success came without what it has to hold.\tFind out whether it was sent.\t成功应答缺少必要内容。\t确认是否已发出。',
  process_died:
    'The process died while it was sending.\tIt may have been sent: send it again under its key while that is known.\t进程在发送过程中终止。\t可能已发出：在键有效期内用原键重发。',
  client_failed:
    'The client failed before or while it was sending.\tRead the message; correct the content or the program.\t客户端在发送前或发送中出错。\t查看错误信息，修正内容或程序。',
}

let catalogue: ReadonlyMap<string, string> | undefined

/** @param failure as an item has it @returns undefined: nobody has words for it */
export function wordsOf(failure: Readonly<Record<string, unknown>>, lang: Lang): Words | undefined {
  catalogue ??= new Map(failureWords.split('\n').map(line => halves(line)))
  const text = [failure.id, failure.advice].map(String).map(name => ours[name] ?? catalogue!.get(name))
  const fields = text.find(found => found !== undefined)?.split('\t')
  if (!fields) return undefined
  const [cause, remedy] = lang === 'zh' ? fields.slice(2) : fields
  return { cause: cause!, remedy: remedy! }
}

function halves(line: string): [string, string] {
  const tab = line.indexOf('\t')
  return [line.slice(0, tab), line.slice(tab + 1)]
}
