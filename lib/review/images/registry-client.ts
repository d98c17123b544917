import { createHash } from 'node:crypto';
import { isObject } from '../../guardrails/model/json';
import type { RegistryCredential } from './docker-credentials';
import { type Answer, type HttpOptions, RegistryError, request } from './http';
import type { ImageReference } from './image-reference';

/** Lists of platforms before single images: the digest of a list serves nodes of every architecture. */
const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * Asks registries what a tag means, by the API of the OCI distribution specification.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export class RegistryClient {
  constructor(
    private readonly credentialOf: (registry: string) => RegistryCredential | undefined,
    private readonly http: HttpOptions,
  ) {}

  /**
   * Digest of the manifest that the tag stands for now, held against the bytes that came.
   * @throws RegistryError with the reason, when there is none
   */
  public async digestOf(image: ImageReference): Promise<string> {
    const url = `${baseOf(image.registry)}/v2/${image.repository}/manifests/${image.tag}`;
    const headers = { accept: ACCEPT };
    let answer = await request(url, { headers }, this.http);
    if (answer.status === 401) {
      const authorization = await this.authorization(image, answer.headers.get('www-authenticate') ?? '');
      answer = await request(url, { headers: { ...headers, authorization } }, this.http);
    }
    return verified(answer);
  }

  private async authorization(image: ImageReference, header: string): Promise<string> {
    const credential = this.credentialOf(image.registry);
    const challenge = challengeOf(header);
    if (challenge.scheme === 'basic') {
      if (credential) return basic(credential);
      throw new RegistryError(`wants a login: ${loginFor(image.registry)}`);
    }
    const { realm = '', service, scope = `repository:${image.repository}:pull` } = challenge.values;
    if (challenge.scheme !== 'bearer' || !isSafe(realm, image.registry)) {
      throw new RegistryError('asks to sign in in a way that is not known');
    }
    const answer = await this.token(new URL(realm), { ...(service === undefined ? {} : { service }), scope }, credential);
    if (answer.status === 401 || answer.status === 403) throw new RegistryError(`gives no token: ${loginFor(image.registry)}`);
    const token = tokenIn(answer);
    if (token === undefined) throw new RegistryError(`the token service answers ${answer.status} without a token`);
    return `Bearer ${token}`;
  }

  /** Without a login, with a password, or with the refresh token of an OAuth2 login. */
  private token(url: URL, fields: Record<string, string>, credential: RegistryCredential | undefined): Promise<Answer> {
    if (credential?.identityToken !== undefined) {
      const { identityToken } = credential;
      const form = { grant_type: 'refresh_token', client_id: 'ml-platform', refresh_token: identityToken, ...fields };
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return request(url.href, { method: 'POST', headers, body: new URLSearchParams(form).toString() }, this.http);
    }
    for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
    return request(url.href, { headers: credential ? { authorization: basic(credential) } : {} }, this.http);
  }
}

/** Where a registry answers: HTTPS, and on this machine HTTP, as Docker has it. */
export function baseOf(registry: string): string {
  if (registry === 'docker.io') return 'https://registry-1.docker.io';
  return `${isLocal(registry) ? 'http' : 'https'}://${registry}`;
}

function isLocal(registry: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3})(:\d+)?$/.test(registry);
}

function isSafe(realm: string, registry: string): boolean {
  if (!URL.canParse(realm)) return false;
  const { protocol, hostname } = new URL(realm);
  return protocol === 'https:' || (protocol === 'http:' && isLocal(registry) && isLocal(hostname));
}

function challengeOf(header: string): { readonly scheme: string; readonly values: Record<string, string> } {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/.exec(header) ?? [];
  const values = Object.fromEntries([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  return { scheme: scheme.toLowerCase(), values };
}

function basic({ username, password }: RegistryCredential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function tokenIn({ status, body }: Answer): string | undefined {
  const answer = status === 200 ? jsonOf(body) : undefined;
  if (!isObject(answer)) return undefined;
  const token = answer.token ?? answer.access_token;
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}

function loginFor(registry: string): string {
  return registry.endsWith('.azurecr.io')
    ? `az acr login --name ${registry.replace(/\.azurecr\.io$/, '')}`
    : `docker login ${registry}`;
}

/** The digest of what came. A registry that names another one in its header is not believed. */
function verified({ status, headers, body }: Answer): string {
  if (status === 404) throw new RegistryError('no such image or tag');
  if (status === 401 || status === 403) throw new RegistryError('may not be read with this login, or without one');
  if (status !== 200) throw new RegistryError(`answers ${status}`);
  const manifest = jsonOf(body);
  const isManifest =
    isObject(manifest) && manifest.schemaVersion === 2 && (Array.isArray(manifest.manifests) || Array.isArray(manifest.layers));
  if (!isManifest) throw new RegistryError('sends something that is no manifest of an image');
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const claimed = headers.get('docker-content-digest');
  if (claimed !== null && claimed !== digest) throw new RegistryError('sends a manifest that does not have the digest it names');
  return digest;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
