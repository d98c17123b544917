import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import type { CacheRule } from './registry-options';

/** @see https://learn.microsoft.com/azure/container-registry/artifact-cache-overview */
const UPSTREAMS = ['docker.io', 'ghcr.io', 'mcr.microsoft.com', 'nvcr.io', 'public.ecr.aws', 'quay.io', 'registry.k8s.io'];

export interface ImageParts {
  readonly host: string;
  readonly repository: string;
  /** ":<tag>" or "@sha256:<digest>". */
  readonly reference: string;
}

/** @throws when the name lacks its host, or tag and digest */
export function imageParts(path: string, image: string): ImageParts {
  const match = /^([a-z0-9.-]+\.[a-z]{2,}(?::\d+)?)\/([a-z0-9._/-]+)(:[\w.-]+|@sha256:[0-9a-f]{64})$/.exec(image);
  if (match) return { host: match[1] ?? '', repository: match[2] ?? '', reference: match[3] ?? '' };
  throw new ConfigurationError(path, {
    what: 'not the full name of an image',
    got: JSON.stringify(image),
    allowed: '<host>/<repository>:<tag> or <host>/<repository>@sha256:<digest>',
    fix: 'e.g. "docker.io/library/nginx:1.29" instead of "nginx"',
  });
}

/**
 * The repository in our registry that a cache rule fills.
 * @throws when name, upstream or wildcards are not what Azure takes
 */
export function checkCacheRule(path: string, rule: CacheRule): string {
  const [host = '', ...repository] = rule.source.split('/');
  const target = rule.target ?? repository.join('/');
  if (!/^[a-zA-Z0-9-]{5,50}$/.test(rule.name)) {
    throw new ConfigurationError(path, {
      what: 'name of the cache rule is not valid',
      got: JSON.stringify(rule.name),
      allowed: '5-50 ASCII letters, digits and hyphens',
      fix: 'e.g. "nvidia-triton"',
    });
  }
  if (!UPSTREAMS.includes(host) || repository.length === 0) {
    throw new ConfigurationError(path, {
      what: `cache rule ${rule.name} names an upstream that Azure does not fetch from`,
      got: JSON.stringify(rule.source),
      allowed: nearest(host, UPSTREAMS, UPSTREAMS.length).join(', '),
      fix: 'start with one of these hosts, e.g. "docker.io/library/nginx", or copy single images with importImage',
    });
  }
  if (rule.source.endsWith('*') !== target.endsWith('*')) {
    throw new ConfigurationError(path, {
      what: `cache rule ${rule.name} has a wildcard on one side only`,
      got: `${rule.source} to ${target}`,
      allowed: 'source and target both end in "*", or neither',
      fix: 'leave target out',
    });
  }
  return target;
}
