/** What a registry or its token service did not give; the message says why, and holds no secret. */
export class RegistryError extends Error {
  constructor(
    message: string,
    /** Whether asking again may help. */
    public readonly passing: boolean = false,
  ) {
    super(message);
    this.name = 'RegistryError';
  }
}

export interface HttpOptions {
  /** Milliseconds until one request is given up. */
  readonly timeout: number;
  /** Milliseconds to the second try; each further one waits twice as long. */
  readonly patience: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** The largest manifest that registries must take is 4 MiB. */
const MOST_BYTES = 4 * 1024 * 1024;
const TRIES = 4;
const MOST_REDIRECTS = 5;
const LONGEST_WAIT = 60_000;

/** One request, again where the registry is busy or not reached. @throws RegistryError when it stays so */
export async function request(url: string, init: RequestInit, options: HttpOptions): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await followed(url, init, options.timeout);
      if (answer.status !== 429 && answer.status < 500) return answer;
      const wait = retryAfter(answer.headers.get('retry-after')) ?? options.patience * 2 ** (attempt - 1);
      const busy = `${hostOf(url)} answers ${answer.status}`;
      if (wait > LONGEST_WAIT) throw new RegistryError(`${busy}, and wants to be asked again in ${Math.ceil(wait / 1000)} s`);
      if (attempt === TRIES) throw new RegistryError(`${busy}, ${TRIES} times`);
      await sleep(wait);
    } catch (error) {
      if (!(error instanceof RegistryError) || !error.passing || attempt === TRIES) throw error;
      await sleep(options.patience * 2 ** (attempt - 1));
    }
  }
}

/** Follows redirects by itself: what signs in goes to the same origin only, and never from HTTPS to HTTP. */
async function followed(first: string, init: RequestInit, timeout: number): Promise<Answer> {
  let url = new URL(first);
  let headers = init.headers as Record<string, string>;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    const response = await send(url, { ...init, headers, redirect: 'manual' }, timeout);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (!next || (url.protocol === 'https:' && next.protocol !== 'https:')) {
      throw new RegistryError(`${url.host} leads to an address that is not HTTPS`);
    }
    if (next.origin !== url.origin)
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'));
    url = next;
  }
  throw new RegistryError(`${new URL(first).host} leads in circles`);
}

async function send(url: URL, init: RequestInit, timeout: number): Promise<Answer> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeout) });
    return { status: response.status, headers: response.headers, body: await bodyOf(response, url.host) };
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    const { name, cause } = error as { name?: string; cause?: { code?: string } };
    const why = name === 'TimeoutError' ? `no answer in ${timeout / 1000} s` : (cause?.code ?? 'connection failed');
    throw new RegistryError(`${url.host} cannot be reached: ${why}`, true);
  }
}

async function bodyOf(response: Response, host: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.byteLength;
    if (size > MOST_BYTES) throw new RegistryError(`${host} sends more than a manifest of 4 MiB`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Milliseconds that a server asks to wait, from seconds or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
