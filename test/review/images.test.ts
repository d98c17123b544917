import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ImageLock } from '../../lib/core';
import table from '../../lib/core/data/image-digests.json';
import { imagesCheckCommand, imagesLockCommand } from '../../lib/review/commands/images-command';
import { dockerCredentials, type RegistryCredential } from '../../lib/review/images/docker-credentials';
import { request } from '../../lib/review/images/http';
import { lockName, parseImage } from '../../lib/review/images/image-reference';
import { readImageLock, writeImageLock } from '../../lib/review/images/lock-file';
import { namedImages } from '../../lib/review/images/named-images';
import { baseOf, RegistryClient } from '../../lib/review/images/registry-client';
import { main } from '../../lib/review/main';
import { writtenApp } from '../helpers/app';

const folder = mkdtempSync(join(tmpdir(), 'images-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const INDEX = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] });
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const OLD = `sha256:${'0'.repeat(64)}`;

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A registry on this machine: handlers by path; each request is recorded. */
const handlers = new Map<string, Handler>();
const seen: { path: string; authorization?: string; accept?: string; body: string }[] = [];
let server: Server;
let host = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      const body = Buffer.concat(chunks).toString();
      seen.push({ path: url, authorization: headers.authorization, accept: headers.accept, body });
      const handler = handlers.get(url.split('?')[0] ?? '');
      if (handler) handler(request, response, body);
      else response.writeHead(404).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  handlers.clear();
  seen.length = 0;
});

const manifestPath = (repository: string, tag: string) => `/v2/${repository}/manifests/${tag}`;

function sends(text: string, headers: Record<string, string> = {}, status = 200): Handler {
  return (_, response) => response.writeHead(status, headers).end(text);
}

/** Answers in turn; the last one again and again. */
function inTurn(...answers: Handler[]): Handler {
  return (request, response, body) => (answers.length > 1 ? answers.shift() : answers[0])?.(request, response, body);
}

/** A manifest for whoever shows the token. */
function guarded(token: string, challenge = `Bearer realm="http://${host}/token",service="registry"`): Handler {
  return (request, response) =>
    request.headers.authorization === token
      ? response.writeHead(200, { 'docker-content-digest': digestOf(INDEX) }).end(INDEX)
      : response.writeHead(401, { 'www-authenticate': challenge }).end();
}

function asked(credential?: RegistryCredential, timeout = 5_000): Promise<string> {
  const client = new RegistryClient(() => credential, { timeout, patience: 1 });
  return client.digestOf({ registry: host, repository: 'team/app', tag: '1' });
}

describe('a registry is asked for the digest of a tag', () => {
  test('by the API of the OCI distribution: lists of platforms before single images', async () => {
    handlers.set(manifestPath('team/app', '1'), sends(INDEX, { 'docker-content-digest': digestOf(INDEX) }));
    expect(await asked()).toBe(digestOf(INDEX));
    expect(seen[0]?.accept).toMatch(
      /^application\/vnd\.oci\.image\.index\.v1\+json, application\/vnd\.docker\.distribution\.manifest\.list/,
    );
    expect(seen[0]?.authorization).toBeUndefined();
  });

  test('and computes it where the registry does not name it', async () => {
    const manifest = JSON.stringify({ schemaVersion: 2, config: {}, layers: [] });
    handlers.set(manifestPath('team/app', '1'), sends(manifest));
    expect(await asked()).toBe(digestOf(manifest));
  });

  test('with a token for anybody, as the challenge says', async () => {
    handlers.set(manifestPath('team/app', '1'), guarded('Bearer anonymous'));
    handlers.set('/token', sends('{"token":"anonymous"}'));
    expect(await asked()).toBe(digestOf(INDEX));
    expect(seen.map(({ path }) => path)).toEqual([
      '/v2/team/app/manifests/1',
      '/token?service=registry&scope=repository%3Ateam%2Fapp%3Apull',
      '/v2/team/app/manifests/1',
    ]);
    expect(seen[1]?.authorization).toBeUndefined();
  });

  test('with the password of a login', async () => {
    handlers.set(manifestPath('team/app', '1'), guarded('Bearer mine'));
    handlers.set('/token', sends('{"access_token":"mine"}'));
    expect(await asked({ username: 'robot', password: 'pa:ss' })).toBe(digestOf(INDEX));
    expect(seen[1]?.authorization).toBe(`Basic ${Buffer.from('robot:pa:ss').toString('base64')}`);
    expect(seen[0]?.authorization).toBeUndefined();
  });

  test("with the refresh token of Azure's login", async () => {
    handlers.set(manifestPath('team/app', '1'), guarded('Bearer mine'));
    handlers.set('/token', sends('{"access_token":"mine"}'));
    expect(await asked({ username: '0', password: '', identityToken: 'refresh' })).toBe(digestOf(INDEX));
    expect(Object.fromEntries(new URLSearchParams(seen[1]?.body))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'ml-platform',
      refresh_token: 'refresh',
      service: 'registry',
      scope: 'repository:team/app:pull',
    });
    expect(seen[1]?.authorization).toBeUndefined();
  });

  test('with a plain login where it wants one', async () => {
    const basic = `Basic ${Buffer.from('robot:secret').toString('base64')}`;
    handlers.set(manifestPath('team/app', '1'), guarded(basic, 'Basic realm="registry"'));
    expect(await asked({ username: 'robot', password: 'secret' })).toBe(digestOf(INDEX));
    await expect(asked()).rejects.toThrow(`wants a login: docker login ${host}`);
  });

  test('again where it is busy, after the time that it asks for', async () => {
    const busy = sends('', { 'retry-after': '0' }, 429);
    const down = sends('', {}, 503);
    const date = sends('', { 'retry-after': new Date(0).toUTCString() }, 429);
    handlers.set(manifestPath('team/app', '1'), inTurn(busy, down, date, sends(INDEX)));
    expect(await asked()).toBe(digestOf(INDEX));
    expect(seen).toHaveLength(4);
  });

  test('through a redirect, without the login on another host', async () => {
    const other = host.replace('127.0.0.1', 'localhost');
    handlers.set(manifestPath('team/app', '1'), (request, response) =>
      request.headers.authorization === 'Bearer mine'
        ? response.writeHead(307, { location: `http://${other}/blob` }).end()
        : response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token"` }).end(),
    );
    handlers.set('/token', sends('{"token":"mine"}'));
    handlers.set('/blob', sends(INDEX));
    expect(await asked()).toBe(digestOf(INDEX));
    expect(seen.at(-1)).toMatchObject({ path: '/blob', authorization: undefined });
  });

  test.each<[string, Handler, RegExp]>([
    ['has no such tag', sends('{}', {}, 404), /^no such image or tag$/],
    ['is closed', sends('{}', {}, 403), /may not be read with this login, or without one/],
    ['does not know how to sign in', sends('', {}, 401), /asks to sign in in a way that is not known/],
    ['stays busy', sends('', { 'retry-after': '0' }, 429), /answers 429, 4 times/],
    ['wants much time', sends('', { 'retry-after': '3600' }, 429), /wants to be asked again in 3600 s/],
    ['stays down', sends('', {}, 500), /answers 500, 4 times/],
    ['names another digest', sends(INDEX, { 'docker-content-digest': OLD }), /does not have the digest it names/],
    ['sends no JSON', sends('<html>'), /no manifest of an image/],
    ['sends other JSON', sends('{"schemaVersion":2}'), /no manifest of an image/],
    ['sends the first schema', sends('{"schemaVersion":1,"layers":[]}'), /no manifest of an image/],
    ['sends without end', sends('x'.repeat(5 * 1024 * 1024)), /more than a manifest of 4 MiB/],
    ['answers oddly', sends('', {}, 418), /answers 418/],
    ['leads in circles', sends('', { location: '/v2/team/app/manifests/1' }, 302), /leads in circles/],
    ['leads astray', sends('', { location: 'http://' }, 302), /not HTTPS/],
    [
      'sends the login elsewhere in the open',
      sends('', { 'www-authenticate': 'Bearer realm="http://registry.example/token"' }, 401),
      /in a way that is not known/,
    ],
  ])('and says so when it %s', async (_, handler, message) => {
    handlers.set(manifestPath('team/app', '1'), handler);
    await expect(asked({ username: 'robot', password: 'hunter2' })).rejects.toThrow(message);
    await expect(asked({ username: 'robot', password: 'hunter2' })).rejects.not.toThrow(/hunter2/);
  });

  test.each<[string, Handler, RegExp]>([
    ['refuses', sends('', {}, 401), /gives no token: docker login/],
    ['sends none', sends('{}'), /answers 200 without a token/],
    ['sends one with a line break', sends('{"token":"a\\r\\nb"}'), /without a token/],
  ])('and says so when the token service %s', async (_, handler, message) => {
    handlers.set(manifestPath('team/app', '1'), guarded('Bearer mine'));
    handlers.set('/token', handler);
    await expect(asked()).rejects.toThrow(message);
  });

  test('and says so when it does not answer, or is not there', async () => {
    handlers.set(manifestPath('team/app', '1'), () => undefined);
    await expect(asked(undefined, 50)).rejects.toThrow(`${host} cannot be reached: no answer in 0.05 s`);
    const client = new RegistryClient(() => undefined, { timeout: 1000, patience: 1 });
    const nowhere = client.digestOf({ registry: '127.0.0.1:1', repository: 'a', tag: '1' });
    await expect(nowhere).rejects.toThrow(/127\.0\.0\.1:1 cannot be reached/);
  });

  test('with a certificate that this machine trusts', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
    const secured = createSecureServer({ key, cert }, (_, response) => response.end(INDEX));
    await new Promise<void>((resolve) => {
      secured.listen(0, '127.0.0.1', resolve);
    });
    const url = `https://127.0.0.1:${(secured.address() as AddressInfo).port}/v2/`;
    await expect(request(url, { headers: {} }, { timeout: 5000, patience: 1 })).rejects.toThrow(
      /cannot be reached: DEPTH_ZERO_SELF_SIGNED_CERT/,
    );
    secured.closeAllConnections();
    secured.close();
  });

  test('and not led from HTTPS into the open', async () => {
    vi.stubGlobal('fetch', () =>
      Promise.resolve(new Response('', { status: 307, headers: { location: `http://${host}/blob` } })),
    );
    const led = request('https://registry.example/v2/', { headers: {} }, { timeout: 1000, patience: 1 });
    await expect(led).rejects.toThrow('registry.example leads to an address that is not HTTPS');
    vi.unstubAllGlobals();
  });

  test('over HTTPS but on this machine, and Docker Hub where it answers', () => {
    expect(baseOf('quay.io')).toBe('https://quay.io');
    expect(baseOf('docker.io')).toBe('https://registry-1.docker.io');
    expect(baseOf('localhost:5000')).toBe('http://localhost:5000');
    expect(baseOf('localhost.example')).toBe('https://localhost.example');
  });
});

describe('the name of an image', () => {
  test.each([
    ['busybox:1.36', 'docker.io/library/busybox:1.36'],
    ['kserve/agent:v1', 'docker.io/kserve/agent:v1'],
    ['index.docker.io/kserve/agent:v1', 'docker.io/kserve/agent:v1'],
    ['localhost:5000/a/b:1', 'localhost:5000/a/b:1'],
    [`quay.io/a/b:1@${OLD}`, 'quay.io/a/b:1'],
    ['crcontoso.azurecr.io/docker.io/kserve/sklearnserver:v0.19.0', 'docker.io/kserve/sklearnserver:v0.19.0'],
    ['crcontoso.azurecr.io/risk/train:7', 'crcontoso.azurecr.io/risk/train:7'],
  ])('%s is %s', (text, name) => {
    const image = parseImage(text);
    expect(image && lockName(image)).toBe(name);
  });

  test.each(['', 'a b:1', 'QUAY.io/A:1', 'quay.io/a@sha256:12', 'quay.io/../x:1', `a@${OLD}@${OLD}`, 'http://quay.io/a:1'])(
    'is not "%s"',
    (text) => {
      expect(parseImage(text)).toBeUndefined();
    },
  );
});

describe('images of synthesized stacks', () => {
  function synthOf(resource: unknown): string {
    const out = mkdtempSync(join(folder, 'out-'));
    mkdirSync(join(out, 'stacks/a'), { recursive: true });
    writeFileSync(
      join(out, 'manifest.json'),
      JSON.stringify({ stacks: { a: { name: 'a', synthesizedStackPath: 'stacks/a/cdk.tf.json' } } }),
    );
    writeFileSync(join(out, 'stacks/a/cdk.tf.json'), JSON.stringify({ resource }));
    return out;
  }
  const release = (values: string) => ({
    helm_release: { R: { repository: 'oci://quay.io/charts', chart: 'c', version: '1', values: [values] } },
  });

  test.each<[string, unknown, string[]]>([
    [
      'a typed pod',
      { kubernetes_job_v1: { J: { spec: { template: { spec: { container: [{ image: 'quay.io/a/b:1' }] } } } } } },
      ['quay.io/a/b:1'],
    ],
    [
      'a manifest',
      { kubernetes_manifest: { M: { manifest: { spec: { containers: [{ image: 'quay.io/a/b:1' }] } } } } },
      ['quay.io/a/b:1'],
    ],
    [
      'objects of a release',
      release(
        JSON.stringify({
          objects: [{ kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ image: 'quay.io/a/b:1' }] } }],
        }),
      ),
      ['quay.io/a/b:1'],
    ],
    ['values with image and tag', release('{"server":{"image":"docker.io/k/s","tag":"v1"}}'), ['docker.io/k/s:v1']],
    [
      'values with a tag that has its digest',
      release(`{"server":{"image":"docker.io/k/s","tag":"v1@${OLD}"}}`),
      ['docker.io/k/s:v1'],
    ],
    [
      'values in YAML, with registry and repository',
      release('image:\n  registry: quay.io\n  repository: a/b\n  tag: "2"\n'),
      ['quay.io/a/b:2'],
    ],
    [
      'values with a version',
      release('{"driver":{"repository":"nvcr.io/nvidia","image":"driver","version":"595"}}'),
      ['nvcr.io/nvidia/driver:595'],
    ],
    [
      'nothing without a tag',
      release(`{"a":{"image":"probe"},"b":{"image":"quay.io/a/b@${OLD}"},"c":{"repository":"quay.io/a"}}`),
      [],
    ],
    ['nothing that Terraform decides', release('{"a":{"image":"${var.image}:1"}}'), []],
  ])('%s', (_, resource, expected) => {
    expect(namedImages(synthOf(resource)).map(lockName)).toEqual(expected);
  });

  test('are those of our stacks: model servers, kubectl of the probes', () => {
    const names = namedImages(writtenApp().outdir).map(lockName);
    expect(names).toEqual(expect.arrayContaining(['registry.k8s.io/kubectl:v1.34.4', 'docker.io/kserve/xgbserver:v0.20.0']));
  });

  test('are of a folder that cdktf synth wrote', () => {
    expect(() => namedImages(folder)).toThrow(/no manifest\.json in this folder/);
  });
});

describe('logins of Docker', () => {
  const auth = Buffer.from('robot:secret').toString('base64');

  test.each<[string, unknown, string, RegistryCredential | undefined]>([
    ['a password', { auths: { 'quay.io': { auth } } }, 'quay.io', { username: 'robot', password: 'secret' }],
    [
      'Docker Hub',
      { auths: { 'https://index.docker.io/v1/': { auth } } },
      'docker.io',
      { username: 'robot', password: 'secret' },
    ],
    [
      'a key with its scheme',
      { auths: { 'https://cr.example': { auth } } },
      'cr.example',
      { username: 'robot', password: 'secret' },
    ],
    [
      "Azure's token",
      { auths: { 'cr.azurecr.io': { auth: Buffer.from('00000000:').toString('base64'), identitytoken: 'refresh' } } },
      'cr.azurecr.io',
      { username: '00000000', password: '', identityToken: 'refresh' },
    ],
    ['none for another registry', { auths: { 'quay.io': { auth } } }, 'ghcr.io', undefined],
    ['none of an empty entry', { auths: { 'quay.io': {} } }, 'quay.io', undefined],
    ['none of a helper that is not there', { credsStore: 'not-here' }, 'quay.io', undefined],
    ['none of a helper with a path', { credsStore: '../evil' }, 'quay.io', undefined],
  ])('%s', (_, config, registry, expected) => {
    expect(dockerCredentials({ DOCKER_AUTH_CONFIG: JSON.stringify(config) })(registry)).toEqual(expected);
  });

  test('are read from the file that the environment names', () => {
    const place = mkdtempSync(join(folder, 'docker-'));
    writeFileSync(join(place, 'config.json'), JSON.stringify({ auths: { 'quay.io': { auth } } }));
    expect(dockerCredentials({ DOCKER_CONFIG: place })('quay.io')?.username).toBe('robot');
    expect(dockerCredentials({ REGISTRY_AUTH_FILE: join(place, 'config.json') })('quay.io')?.username).toBe('robot');
    expect(dockerCredentials({ DOCKER_CONFIG: join(place, 'none') })('quay.io')).toBeUndefined();
  });

  test('are asked of the program that keeps them', () => {
    const place = mkdtempSync(join(folder, 'helper-'));
    const program = join(place, 'docker-credential-own');
    writeFileSync(program, '#!/bin/sh\nread registry\nprintf \'{"Username":"<token>","Secret":"%s-token"}\' "$registry"\n');
    chmodSync(program, 0o755);
    const variables = {
      DOCKER_AUTH_CONFIG: JSON.stringify({ credHelpers: { 'quay.io': 'own' } }),
      PATH: `${place}:${process.env.PATH}`,
    };
    vi.stubEnv('PATH', variables.PATH);
    expect(dockerCredentials(variables)('quay.io')).toEqual({ username: '', password: '', identityToken: 'quay.io-token' });
    vi.unstubAllEnvs();
  });

  test('that cannot be read are said without what is in them', () => {
    const read = () => dockerCredentials({ DOCKER_AUTH_CONFIG: `{"auths":{"quay.io":{"auth":"${auth}"` });
    expect(read).toThrow(/DOCKER_AUTH_CONFIG: no configuration of Docker/);
    expect(read).not.toThrow(new RegExp(auth));
  });
});

describe('a lock of images', () => {
  test('is written sorted, and the library reads it', () => {
    const file = join(folder, 'sorted.json');
    writeImageLock(
      file,
      new Map([
        ['quay.io/b/b:1', OLD],
        ['quay.io/a/a:1', OLD],
      ]),
    );
    expect(readFileSync(file, 'utf8')).toBe(
      `{\n  "images": {\n    "quay.io/a/a:1": "${OLD}",\n    "quay.io/b/b:1": "${OLD}"\n  }\n}\n`,
    );
    expect(() => ImageLock.fromFile(file)).not.toThrow();
    expect([...readImageLock(file).keys()]).toEqual(['quay.io/a/a:1', 'quay.io/b/b:1']);
    expect(readImageLock(join(folder, 'none.json')).size).toBe(0);
  });

  test.each(['{}', '{"images":{"a":"b"}}', `{"images":{"quay.io/a/a:1":"latest"}}`])('is not %s', (text) => {
    const file = join(folder, 'wrong.json');
    writeFileSync(file, text);
    expect(() => readImageLock(file)).toThrow(/no lock of images/);
  });
});

describe('the commands', () => {
  let printed = '';
  const print = (text: string) => {
    printed += text;
  };
  // Other registries than the one on this machine are not asked here: none of them is there.
  const here = globalThis.fetch;
  beforeEach(() => {
    printed = '';
    vi.stubEnv('DOCKER_AUTH_CONFIG', '{"auths":{}}');
    vi.stubGlobal('fetch', (url: URL, init: RequestInit) =>
      url.host === host
        ? here(url, init)
        : Promise.resolve(answers.get(`${url.host}${url.pathname}`)?.() ?? new Response('{}', { status: 404 })),
    );
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
  });
  const answers = new Map<string, () => Response>();
  const KUBECTL = 'registry.k8s.io/v2/kubectl/manifests/v1.34.4';
  const lock = (name: string, images: Record<string, string>) => {
    const file = join(folder, name);
    writeImageLock(file, new Map(Object.entries(images)));
    return file;
  };

  test('lock what the tags mean, keep what cannot be asked for, and end with 2 then', async () => {
    handlers.set(manifestPath('team/app', '1'), sends(INDEX));
    const out = lock('lock.json', { [`${host}/team/app:1`]: OLD, [`${host}/team/gone:1`]: OLD });
    const code = await imagesLockCommand(writtenApp().outdir, { out, timeout: 1000 }, print);
    expect(code).toBe(2);
    expect(Object.fromEntries(readImageLock(out))).toEqual({
      [`${host}/team/app:1`]: digestOf(INDEX),
      [`${host}/team/gone:1`]: OLD,
    });
    expect(printed).toContain(`moved      ${host}/team/app:1\n             ${OLD}\n          -> ${digestOf(INDEX)}`);
    expect(printed).toContain(`not asked  ${host}/team/gone:1: no such image or tag; stays as it was`);
    expect(printed).toContain('not asked  docker.io/kserve/xgbserver:v0.20.0: no such image or tag; has no digest');
    expect(printed).toMatch(/lock\.json: 2 images: 0 new, 1 moved, \d+ not asked\.\n$/);
  });

  test('write no empty lock: one that is there asks for every image in prod', async () => {
    const out = join(folder, 'empty.json');
    expect(await imagesLockCommand(writtenApp().outdir, { out, timeout: 1000 }, print)).toBe(2);
    expect(existsSync(out)).toBe(false);
    expect(printed).toContain('empty.json is not written: 0 images: 0 new');
  });

  test('lock all there is, and end with 0', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(INDEX)));
    const out = join(folder, 'whole.json');
    const options = { out, timeout: 1000, add: ['docker.io/evidently/evidently-service:0.7.21'] };
    expect(await imagesLockCommand(writtenApp().outdir, options, print)).toBe(0);
    const locked = readImageLock(out);
    const wanted = [
      'docker.io/evidently/evidently-service:0.7.21',
      'ghcr.io/llm-d/llm-d-cuda:v0.8.0',
      'docker.io/kserve/lgbserver:v0.20.0',
    ];
    for (const image of [...wanted, ...Object.keys(table.images)]) expect(locked.get(image), image).toBe(digestOf(INDEX));
    const text = readFileSync(out, 'utf8');
    expect(await imagesLockCommand(writtenApp().outdir, { out, timeout: 1000 }, print)).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(text);
  });

  test('check what is locked, and end with 3 where a tag moved', async () => {
    handlers.set(manifestPath('team/app', '1'), sends(INDEX));
    expect(await imagesCheckCommand({ lock: lock('check.json', { [`${host}/team/app:1`]: OLD }), timeout: 1000 }, print)).toBe(3);
    expect(printed).toContain(`moved      ${host}/team/app:1`);
    const asLocked = lock('check.json', { [`${host}/team/app:1`]: digestOf(INDEX) });
    expect(await imagesCheckCommand({ lock: asLocked, timeout: 1000 }, print)).toBe(2);
    expect(printed).toMatch(/1 of \d+ tags mean what is locked\.\n$/);
  });

  test("check the library's own table too, where there is no lock", async () => {
    answers.set(KUBECTL, () => new Response(INDEX));
    expect(await imagesCheckCommand({ lock: join(folder, 'none.json'), timeout: 1000 }, print)).toBe(3);
    answers.delete(KUBECTL);
    expect(printed).toContain(
      `moved      registry.k8s.io/kubectl:v1.34.4\n             ${table.images['registry.k8s.io/kubectl:v1.34.4'].digest}`,
    );
  });

  test('check with 0 where all tags mean what is locked', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(INDEX)));
    const images = Object.fromEntries(Object.keys(table.images).map((image) => [image, digestOf(INDEX)]));
    expect(await imagesCheckCommand({ lock: lock('all.json', images), timeout: 1000 }, print)).toBe(0);
    expect(printed).toBe(`${Object.keys(images).length} of ${Object.keys(images).length} tags mean what is locked.\n`);
  });

  test.each([
    [['images', 'lock', 'no-such-folder', '--out', join(folder, 'x.json')], /no manifest\.json/],
    [['images', 'lock', '--add', 'kubectl', '--out', join(folder, 'x.json')], /not an image with a tag, got "kubectl"/],
    [['images', 'check', '--timeout', 'soon'], /not a time, got "soon"/],
    [['images', 'prune'], /unknown command/],
  ])('refuse %s', async (args, message) => {
    let complaint = '';
    const complain = (text: string) => {
      complaint += text;
    };
    expect(await main(args, print, complain)).toBe(2);
    expect(complaint).toMatch(message);
    expect(existsSync(join(folder, 'x.json'))).toBe(false);
  });

  test('are there by their names', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(INDEX)));
    const out = join(folder, 'named.json');
    expect(await main(['images', 'lock', writtenApp().outdir, '--out', out], print, print)).toBe(0);
    expect(await main(['images', 'check', '--lock', out], print, print)).toBe(0);
  });
});
