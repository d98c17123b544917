/** An image as a registry knows it. */
export interface ImageReference {
  /** Host, with its port if it has one. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;
const REPOSITORY = /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/**
 * Reads a reference as Docker does: without a host it is Docker Hub's, and a name of one word is in its "library". A copy in a
 * registry of Azure under the upstream's host (<registry>.azurecr.io/quay.io/a/b) is the upstream's image. Undefined for what is none.
 */
export function parseImage(text: string): ImageReference | undefined {
  const [name = '', digest, ...rest] = text.trim().split('@');
  if (rest.length > 0 || (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))) return undefined;
  const tagged = /^(.+?)(?::([\w][\w.-]{0,127}))?$/.exec(name);
  const [, path = '', tag] = tagged ?? [];
  const [first = '', ...others] = path.split('/');
  const hosted = others.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const registry = !hosted || first === 'index.docker.io' ? 'docker.io' : first;
  const inside = hosted ? others : [first, ...others];
  const [host = ''] = inside;
  if (registry.endsWith('.azurecr.io') && inside.length > 1 && HOST.test(host)) return upstream(inside, tag, digest);
  const repository = registry === 'docker.io' && inside.length === 1 ? `library/${inside[0]}` : inside.join('/');
  if (!REPOSITORY.test(repository) || !/^[a-z0-9.-]+(:\d{1,5})?$/.test(registry)) return undefined;
  return { registry, repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** "<registry>/<repository>:<tag>": how a lock lists it. */
export function lockName({ registry, repository, tag }: ImageReference): string {
  return `${registry}/${repository}:${tag}`;
}

function upstream(path: readonly string[], tag: string | undefined, digest: string | undefined): ImageReference | undefined {
  return parseImage([path.join('/'), tag && `:${tag}`, digest && `@${digest}`].join(''));
}
