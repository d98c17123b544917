import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createProxy, type IncomingMessage, type Server as ProxyServer, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { BuiltInRole } from '../../lib/identity';
import { armType, groupOf, guidOf, lastSegment, parentOf } from './arm-path';
import { fillComputed, type Json } from './computed-fields';
import { IDENTITY, loginAnswer } from './entra';

/** A stack in Terraform JSON, as far as it tells what must be there before it. */
interface SeededStack {
  readonly provider?: Record<string, { readonly subscription_id?: unknown }[]>;
  readonly resource?: Record<string, Record<string, Record<string, unknown>>>;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** Types whose creation the service answers with 201; the providers take nothing else for them. */
const CREATED =
  /roleassignments|roledefinitions|managementlocks|federatedidentitycredentials|machinelearningservices\/registries|\/budgets\//;
/** Types whose deletion the service answers with 202. */
const DELETED_LATER =
  /^microsoft\.(containerservice|monitor|dbforpostgresql)\/|^microsoft\.containerregistry\/registries\/(cacherules|credentialsets)/;
/** Types whose changes, too, are answered with 202, and an operation to ask after. */
const CHANGED_LATER = /^microsoft\.dbforpostgresql\//;
const OPERATION = '/operations/done';
const BUILT_IN_ROLES = new Set([
  ...Object.values(BuiltInRole)
    .filter((role): role is BuiltInRole => role instanceof BuiltInRole)
    .map((role) => role.roleId),
  'b24988ac-6180-42a0-ab88-20f7382dd24c', // Contributor, which Azure Backup asks for and the library does not offer
]);
/** What resources that are taken for given are made of, where the stack reads more of them than their name. */
const SEEDS: Record<string, Json> = {
  'microsoft.machinelearningservices/registries': {
    regionDetails: [
      {
        location: 'westeurope',
        acrDetails: [{ systemCreatedAcrAccount: {} }],
        storageAccountDetails: [{ systemCreatedStorageAccount: {} }],
      },
    ],
  },
};
const REGIONS = ['westeurope', 'northeurope', 'swedencentral', 'germanywestcentral', 'eastus', 'eastus2'];

/** Azure Resource Manager on loopback, as far as the azurerm and azapi providers ask it. */
export class ArmSimulator {
  private readonly resources = new Map<string, Json>();
  private readonly seeded = new Set<string>();
  /** Requests that nothing here knew how to answer, for the report of a failed run. */
  public readonly unknown: string[] = [];

  /** Starts a simulator on a free port of the loopback interface. */
  public static async start(): Promise<ArmSimulator> {
    const certificate = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      extensions: [
        { name: 'basicConstraints', cA: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 2, value: '*.vault.localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    });
    const folder = mkdtempSync(join(tmpdir(), 'arm-simulator-'));
    writeFileSync(join(folder, 'ca.pem'), certificate.cert);
    const server = createServer({ key: certificate.private, cert: certificate.cert });
    const port = await listen(server);
    // Names of vaults resolve nowhere: without a way here, azurerm looks for each of them for five minutes.
    const proxy = createProxy();
    proxy.on('connect', (_request, socket) => {
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) end.on('error', () => undefined);
    });
    const simulator = new ArmSimulator(server, proxy, await listen(proxy), folder, `https://localhost:${port}`);
    server.on('request', (request, response) => simulator.handle(request, response));
    return simulator;
  }

  private constructor(
    private readonly server: Server,
    private readonly proxy: ProxyServer,
    private readonly proxyPort: number,
    private readonly folder: string,
    private readonly origin: string,
  ) {}

  /** Variables that point the providers here. */
  public get environment(): Record<string, string> {
    const host = this.origin.replace('https://', '');
    return {
      HTTPS_PROXY: `http://127.0.0.1:${this.proxyPort}`, // Go asks a proxy for every host but localhost
      SSL_CERT_FILE: join(this.folder, 'ca.pem'),
      ARM_METADATA_HOSTNAME: host,
      ARM_METADATA_HOST: host,
      ARM_ENVIRONMENT: 'public',
      ARM_TENANT_ID: IDENTITY.tenantId,
      ARM_CLIENT_ID: IDENTITY.clientId,
      ARM_CLIENT_SECRET: 'of-the-simulator',
      ARM_RESOURCE_MANAGER_ENDPOINT: this.origin,
      ARM_RESOURCE_MANAGER_AUDIENCE: this.origin,
      ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST: this.origin,
      ARM_USE_CLI: 'false',
      ARM_DISABLE_INSTANCE_DISCOVERY: 'true',
    };
  }

  /** Resources that are left, but for those that were there from the start. */
  public get left(): string[] {
    return [...this.resources.keys()].filter((path) => !this.seeded.has(path));
  }

  /**
   * Puts what a stack takes for given in its place: everything that it names by a whole ARM id, what lies above it, and networks
   * that it names by group and name.
   */
  public seed(stack: SeededStack): void {
    const own = Object.values(stack.resource?.azurerm_resource_group ?? {}).map(({ name }) => `/resourceGroups/${String(name)}`);
    const ids = JSON.stringify(stack).matchAll(/"(\/subscriptions\/[^/"$]+\/resourceGroups\/[^"$]+)"/g);
    for (const id of [...[...ids].map(([, found = '']) => found), ...networksOf(stack)]) {
      if (own.some((group) => `${id}/`.includes(`${group}/`))) continue; // the stack's own, by the name it will have
      for (let path = id; groupOf(path) !== ''; path = path === groupOf(path) ? '' : parentOrGroup(path)) {
        this.put(path, { location: 'westeurope', properties: structuredClone(SEEDS[armType(path)] ?? {}) });
      }
    }
    for (const path of this.resources.keys()) this.seeded.add(path);
  }

  public async stop(): Promise<void> {
    this.proxy.close(); // its tunnels end with the connections that they lead to
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', this.origin);
      const path = decodeURI(url.pathname).replace(/\/+/g, '/');
      const answer = this.answer(request.method ?? 'GET', path, url.searchParams, parsed(Buffer.concat(chunks).toString()));
      const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
      // The providers wait ten seconds between two looks unless told otherwise.
      const headers = { 'content-type': 'application/json', 'retry-after': '1' };
      const operation = CHANGED_LATER.test(armType(path)) ? { 'azure-asyncoperation': `${this.origin}${OPERATION}` } : {};
      response.writeHead(answer.status, answer.status === 202 ? { ...headers, ...operation } : headers).end(text);
    });
  }

  private answer(method: string, path: string, query: URLSearchParams, body: Json): Answer {
    const login = loginAnswer(path, this.origin);
    if (login) return { status: 200, body: login };
    const key = path.toLowerCase().replace(/\/+$/, '');
    switch (method) {
      case 'PUT': {
        const created = !this.resources.has(key) && CREATED.test(key);
        const status = CHANGED_LATER.test(armType(key)) ? 202 : created ? 201 : 200;
        return { status, body: this.put(path, body) };
      }
      case 'PATCH': {
        const existing = this.resources.get(key);
        const status = CHANGED_LATER.test(armType(key)) ? 202 : 200;
        return existing ? { status, body: this.put(String(existing.id), merged(existing, body)) } : notFound(path);
      }
      case 'DELETE':
        return this.remove(key);
      case 'HEAD':
        return { status: this.resources.has(key) ? 204 : 404 };
      case 'POST':
        return { status: 200, body: actionResult(lastSegment(key)) };
      default:
        return this.read(path, key, query);
    }
  }

  private put(path: string, sent: Json): Json {
    const key = path.toLowerCase().replace(/\/+$/, '');
    const known = this.resources.get(key);
    const id = String(known?.id ?? path); // the spelling of its first appearance stays
    const body: Json = { ...structuredClone(sent), id, name: lastSegment(id), type: armType(id), etag: 'W/"1"' };
    fillComputed(id, body, { origin: this.origin, put: (other, content) => this.put(other, content) });
    this.resources.set(key, body);
    return body;
  }

  private remove(key: string): Answer {
    const interfaceOfEndpoint = `${key.replace('/privateendpoints/', '/networkinterfaces/')}.nic`;
    const gone = [...this.resources.keys()].filter(
      (other) => other === key || other.startsWith(`${key}/`) || other === interfaceOfEndpoint,
    );
    for (const other of gone) this.resources.delete(other);
    if (gone.length === 0) return { status: 204 };
    return { status: DELETED_LATER.test(armType(key)) ? 202 : 200 };
  }

  private read(path: string, key: string, query: URLSearchParams): Answer {
    const found = this.resources.get(key);
    if (found) return { status: 200, body: this.view(key, found) };
    const service = serviceAnswer(path, key, query);
    if (service) return { status: 200, body: service };
    const segments = key.includes('/providers/') ? (key.split('/providers/').at(-1)?.split('/').length ?? 0) : 0;
    const isCollection = (segments > 0 && segments % 2 === 0) || /\/(resources|resourcegroups)$/.test(key);
    if (isCollection) return { status: 200, body: { value: this.children(key) } };
    this.unknown.push(`GET ${path}`);
    return notFound(path);
  }

  private children(key: string): Json[] {
    const bodies = (belongs: (path: string) => boolean) =>
      [...this.resources].filter(([path]) => belongs(path)).map(([, body]) => body);
    // Resources of a group are listed across types, of a subscription across groups, those of a collection one level down.
    const group = /^(.*)\/resources$/.exec(key)?.[1];
    if (group !== undefined) {
      const topLevel = /^\/providers\/[^/]+\/[^/]+\/[^/]+$/;
      return bodies((path) => path.startsWith(group) && topLevel.test(path.slice(group.length)));
    }
    const [, subscription, type] = /^(\/subscriptions\/[^/]+)\/providers\/([^/]+\/[^/]+)$/.exec(key) ?? [];
    if (subscription !== undefined) return bodies((path) => path.startsWith(`${subscription}/`) && armType(path) === type);
    return bodies((path) => path.startsWith(`${key}/`) && !path.slice(key.length + 1).includes('/'));
  }

  /** A parent as ARM shows it: with children that were changed on their own. */
  private view(key: string, body: Json): Json {
    const type = armType(key);
    if (type === 'microsoft.network/virtualnetworks') {
      return { ...body, properties: { ...(body.properties as Json), subnets: this.children(`${key}/subnets`) } };
    }
    if (type === 'microsoft.containerservice/managedclusters') {
      const pools = this.children(`${key}/agentpools`).map((pool) => ({ name: pool.name, ...(pool.properties as Json) }));
      return { ...body, properties: { ...(body.properties as Json), agentPoolProfiles: pools } };
    }
    return body;
  }
}

async function listen(server: Server | ProxyServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** ARM ids of the networks that subnets of the stack lie in, where the stack does not make these. */
function networksOf({ provider, resource }: SeededStack): string[] {
  return Object.values(resource?.azurerm_subnet ?? {}).flatMap((subnet) => {
    const { resource_group_name: group, virtual_network_name: network } = subnet;
    if (`${String(group)}${String(network)}`.includes('$')) return [];
    const subscription = String(provider?.azurerm?.[0]?.subscription_id);
    return [
      `/subscriptions/${subscription}/resourceGroups/${String(group)}/providers/Microsoft.Network/virtualNetworks/${String(network)}`,
    ];
  });
}

function parentOrGroup(path: string): string {
  const parent = parentOf(path);
  return /\/providers(\/[^/]+)?$/.test(parent) ? groupOf(path) : parent;
}

function notFound(path: string): Answer {
  return { status: 404, body: { error: { code: 'ResourceNotFound', message: `${path} was not found` } } };
}

/** What the service answers without anybody having made it. */
function serviceAnswer(path: string, key: string, query: URLSearchParams): object | undefined {
  if (key === OPERATION) return { status: 'Succeeded' };
  const subscription = /^\/subscriptions\/([^/]+)$/.exec(key)?.[1];
  if (subscription)
    return { id: path, subscriptionId: subscription, tenantId: IDENTITY.tenantId, displayName: 'simulated', state: 'Enabled' };
  if (/^\/subscriptions\/[^/]+\/locations$/.test(key)) return { value: REGIONS.map((name) => ({ name, displayName: name })) };
  if (/^\/subscriptions\/[^/]+\/providers$/.test(key)) return { value: [] };
  const namespace = /^\/subscriptions\/[^/]+\/providers\/([^/]+)$/.exec(path)?.[1];
  if (namespace) return { namespace, registrationState: 'Registered', resourceTypes: [] };
  if (key.endsWith('/roledefinitions') || BUILT_IN_ROLES.has(lastSegment(key))) return roleDefinition(path, key, query);
  if (key.endsWith('/currentbillingfeatures')) {
    const DataVolumeCap = {
      Cap: 100,
      WarningThreshold: 90,
      StopSendNotificationWhenHitThreshold: false,
      StopSendNotificationWhenHitCap: false,
    };
    return { CurrentBillingFeatures: ['Basic'], DataVolumeCap };
  }
  if (/\/(blob|file|queue|table)services\/default$/.test(key)) {
    const off = { enabled: false };
    const shares = { shareDeleteRetentionPolicy: { enabled: true, days: 7 }, cors: { corsRules: [] } };
    return {
      id: path,
      name: 'default',
      properties: { deleteRetentionPolicy: off, containerDeleteRetentionPolicy: off, ...shares },
    };
  }
  return undefined;
}

function roleDefinition(path: string, key: string, query: URLSearchParams): object {
  const isList = key.endsWith('/roledefinitions');
  const roleName = /roleName eq '([^']+)'/.exec(query.get('$filter') ?? '')?.[1];
  const name = isList ? guidOf(roleName ?? 'role') : lastSegment(path);
  const scope = path.slice(0, path.search(/\/providers\/Microsoft\.Authorization\//i));
  const definition = {
    id: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${name}`,
    name,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: { roleName: roleName ?? name, type: 'BuiltInRole', permissions: [], assignableScopes: ['/'] },
  };
  return isList ? { value: [definition] } : definition;
}

function actionResult(action: string): object {
  const secret = 'planted-by-the-simulator';
  if (action === 'checknameavailability') return { nameAvailable: true };
  if (action === 'listkeys' || action === 'sharedkeys') {
    return {
      keys: [{ keyName: 'key1', value: secret, permissions: 'FULL' }],
      primarySharedKey: secret,
      secondarySharedKey: secret,
    };
  }
  if (action.startsWith('listcluster')) return { kubeconfigs: [{ name: 'clusterUser', value: kubeconfig(secret) }] };
  if (action === 'register') return { registrationState: 'Registered' };
  return {};
}

function kubeconfig(token: string): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'https://localhost:6443', 'certificate-authority-data': '' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
    users: [{ name: 'u', user: { token } }],
  };
  return Buffer.from(JSON.stringify(config)).toString('base64');
}

function merged(existing: Json, change: Json): Json {
  const result: Json = { ...existing };
  for (const [key, value] of Object.entries(change)) {
    const both = [result[key], value].every((side) => typeof side === 'object' && side !== null && !Array.isArray(side));
    result[key] = both ? merged(result[key] as Json, value as Json) : value;
  }
  return result;
}

function parsed(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : {};
  } catch {
    return {};
  }
}
