import type { IConstruct } from 'constructs';
import type { IMlPlatform } from '../contract';
import { ImageLock, Stage } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { MODEL_SERVERS } from '../core/model-servers';
import { mergeValues, type Values } from './values';

/** Model servers that no format of the library names; some are no longer maintained. */
const UNUSED = ['torchserve', 'pmmlserver', 'paddleserver', 'predictiveserver', 'autogluonserver'];

/** Values of kserve-runtime-configs, and the model servers that stay away for want of a digest. */
export interface ModelServerValues {
  readonly values: Values;
  /** By "<server> (<image>)". */
  readonly withoutDigest: string[];
}

/**
 * The chart's model servers: exact versions, by digest where it is known. In prod only those by digest are offered to tenants.
 * @param user values of the chart that are the platform team's own
 * @throws in prod, when they turn on a server without a digest, or the contract promises one that has none here
 */
export function modelServers(scope: IConstruct, id: string, platform: IMlPlatform, user: Values): ModelServerValues {
  const path = `${scope.node.path}/${id}`;
  const strict = platform.environment.stage.strictness === Stage.PROD.strictness;
  const promised = platform.attributes.serving.runtimes ?? {};
  const own = serversOf(user);
  const withoutDigest: string[] = [];
  const servers: { [server: string]: Values } = {};
  for (const [server, { image, runtime }] of Object.entries(MODEL_SERVERS)) {
    const { repository, tag } = pinned(scope, image);
    const { disabled, image: ownImage, tag: ownTag } = own[server] ?? {};
    const asChosen = disabled !== undefined || ownImage !== undefined || ownTag !== undefined;
    const away = strict && !hasDigest(tag) && !asChosen;
    servers[server] = { image: repository, tag, ...(away ? { disabled: true } : {}) };
    if (!away) continue;
    withoutDigest.push(`${server} (${image})`);
    if (promised[runtime] !== undefined) throw brokenPromise(path, runtime, image);
  }
  for (const server of UNUSED) servers[server] = { disabled: true };
  if (strict) checkDigests(path, mergeValues(servers, own) as { [server: string]: Values });
  return { values: { kserve: { servingruntime: { enabled: true, ...servers } } }, withoutDigest };
}

function pinned(scope: IConstruct, image: string): { readonly repository: string; readonly tag: string } {
  const [repository = '', tag = ''] = image.split(':');
  const digest = ImageLock._known(scope, image);
  return { repository, tag: digest === undefined ? tag : `${tag}@${digest}` };
}

function hasDigest(tag: unknown): boolean {
  return typeof tag === 'string' && /@sha256:[0-9a-f]{64}$/.test(tag);
}

function serversOf(values: Values): { [server: string]: Values } {
  const { servingruntime = {} } = (values.kserve ?? {}) as { servingruntime?: { [server: string]: Values } };
  return servingruntime;
}

function checkDigests(path: string, servers: { readonly [server: string]: Values }): void {
  for (const server of [...Object.keys(MODEL_SERVERS), ...UNUSED]) {
    const { disabled = false, image = server, tag } = servers[server] ?? {};
    if (disabled === true || hasDigest(tag)) continue;
    throw new ConfigurationError(path, {
      what: `model server ${server} has no digest, and it runs in prod`,
      got: `${image}:${tag ?? "<the chart's tag>"}`,
      allowed: '<tag>@sha256:<64 hexadecimal digits>',
      fix: `ml-platform images lock and ImageLock.fromFile('images.lock.json').attach(app), or kserve.servingruntime.${server}.tag with the digest in runtimeValues`,
    });
  }
}

function brokenPromise(path: string, runtime: string, image: string): ConfigurationError {
  return new ConfigurationError(path, {
    what: `the contract promises ${runtime}, whose image has no digest here`,
    got: image,
    allowed: 'the digests that the foundation has',
    fix: "attach the lock to the app, above both stacks: ImageLock.fromFile('images.lock.json').attach(app)",
  });
}
