import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { HelmChart } from '../../lib/addons';
import { type KeyTree, redirectedImages, unknownKeys, wrongTypes } from '../../lib/addons/chart-values';
import images from '../../lib/addons/data/chart-images.json';
import keys from '../../lib/addons/data/chart-values.json';
import pinned from '../../lib/addons/data/chart-versions.json';
import { mergeValues, type Values } from '../../lib/addons/values';
import { resourcesOf } from '../helpers/synth';
import { everyAddon } from './every-addon';

interface ChartFacts {
  readonly chart: string;
  readonly version: string;
  readonly source: string;
  readonly values: KeyTree;
  /** The chart's defaults, where it has a schema: Helm checks both together. */
  readonly defaults?: Values;
  readonly schema?: { readonly $schema?: string };
}

const FOLDER = join(__dirname, '../fixtures/facts/charts');
const FACTS = new Map(
  readdirSync(FOLDER).map((file) => {
    const facts = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as ChartFacts;
    return [facts.chart, facts];
  }),
);
const CHARTS = pinned.charts as Record<string, { repository: string; chart: string; version: string }>;

/** Paths of subcharts: their keys stand in the subchart's values. */
const SUBCHART = /^(node-feature-discovery\.image|grafana\.|kube-state-metrics\.|prometheus-node-exporter\.)/;

const RELEASES = resourcesOf(everyAddon(), 'helm_release');

function releases(of = RELEASES) {
  return of.flatMap((release) => {
    const found = Object.entries(CHARTS).find(([, row]) => row.repository === release.repository && row.chart === release.chart);
    if (!found) return []; // our own chart of manifests
    const [text] = release.values as string[];
    return [{ name: found[0], version: release.version, values: JSON.parse(String(text)) as Record<string, unknown> }];
  });
}

function leaves(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [prefix];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, prefix === '' ? key : `${prefix}.${key}`));
}

/** Paths that the chart shows in a comment of its values and reads in its templates. */
const COMMENTED = [
  'airflow: dags.gitSync.sshKeySecret',
  'airflow: dags.gitSync.knownHosts',
  'argo-workflows: controller.pdb.minAvailable',
  'argo-workflows: server.pdb.minAvailable',
  'kube-prometheus-stack: alertmanager.alertmanagerSpec.configSecret',
  'cert-manager: serviceAccount.annotations.azure.workload.identity/client-id',
];

describe('facts of the pinned charts', () => {
  test('are known for each chart, at the pinned version, with their source', () => {
    expect([...FACTS.keys()].sort()).toEqual(Object.keys(CHARTS).sort());
    for (const [name, { version, source }] of FACTS) {
      expect({ name, version }).toEqual({ name, version: CHARTS[name]?.version });
      expect(source).toMatch(/^[\w.-]+\/[\w.-]+ .*@[0-9a-f]{7}$/);
    }
  });

  test('are what the library warns users by', () => {
    const shipped = keys.charts as unknown as Record<string, KeyTree>;
    expect(shipped).toEqual(Object.fromEntries([...FACTS].map(([name, { values }]) => [name, values])));
  });

  test('were the newest on a stated day', () => {
    expect(HelmChart.PINNED_AT).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});

describe('every value that an add-on sets', () => {
  test('is covered: each pinned chart is installed by some add-on', () => {
    expect(new Set(releases().map(({ name }) => name))).toEqual(new Set(Object.keys(CHARTS)));
  });

  test('exists in the chart', () => {
    const strange = releases().flatMap(({ name, values }) =>
      unknownKeys(name, values)
        .filter(({ path }) => !SUBCHART.test(path))
        .map(({ path }) => `${name}: ${path}`),
    );
    expect(strange).toEqual([]);
  });

  test('stands in the chart as a value, not only in a comment', () => {
    const optional = releases().flatMap(({ name, values }) => {
      const facts = FACTS.get(name);
      return facts
        ? leaves(values)
            .filter((path) => typeAt(facts.values, path) === 'optional')
            .map((path) => `${name}: ${path}`)
        : [];
    });
    expect(optional.sort()).toEqual([...COMMENTED].sort());
  });

  test('is of the type of the default', () => {
    expect(
      releases().flatMap(({ name, values }) => wrongTypes(name, values).map(({ path, got }) => `${name}: ${path} ${got}`)),
    ).toEqual([]);
  });

  test("fits the chart's schema where it has one", () => {
    const checked = releases().flatMap(({ name, values }) => {
      const { $schema, ...schema } = FACTS.get(name)?.schema ?? {};
      if (Object.keys(schema).length === 0) return [];
      const options = { strict: false, allErrors: true };
      const ajv = $schema?.includes('2020') ? new Ajv2020(options) : new Ajv(options);
      addFormats(ajv);
      const validate = ajv.compile(schema);
      validate(mergeValues(FACTS.get(name)?.defaults ?? {}, values));
      return [{ name, problems: (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`) }];
    });
    expect(checked.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['airflow', 'cert-manager', 'external-secrets', 'kserve-llmisvc-resources', 'mlflow', 'velero']),
    );
    expect(checked.filter(({ problems }) => problems.length > 0)).toEqual([]);
  });
});

describe('images through the private registry', () => {
  test('include the ones that our own objects and values name', () => {
    const text = JSON.stringify(resourcesOf(everyAddon(true), 'helm_release'));
    const images = [...text.matchAll(/[\w.-]*\/?(?:nvcr\.io\/nvidia\/mellanox|docker\.io\/velero\/velero-plugin[\w.:-]*)/g)].map(
      ([image]) => image,
    );
    expect(images.length).toBeGreaterThan(3);
    expect(images.filter((image) => !image.startsWith('crcontoso.azurecr.io/'))).toEqual([]);
  });

  test('are redirected where the chart names them', () => {
    for (const [name, paths] of Object.entries(images.images)) {
      const known = FACTS.get(name);
      expect(known, name).toBeDefined();
      const missing = Object.keys(paths).filter(
        (path) => !SUBCHART.test(path) && typeAt(known?.values ?? {}, path) === undefined,
      );
      expect({ name, missing }).toEqual({ name, missing: [] });
    }
  });

  test('keep the host they come from in their path', () => {
    expect(redirectedImages('keda', 'cr.azurecr.io')).toMatchObject({ image: { keda: { registry: 'cr.azurecr.io/ghcr.io' } } });
    const [operator] = releases(resourcesOf(everyAddon(true), 'helm_release')).filter(({ name }) => name === 'gpu-operator');
    expect(operator?.values).toMatchObject({
      driver: { repository: 'crcontoso.azurecr.io/nvcr.io/nvidia' },
      toolkit: { repository: 'crcontoso.azurecr.io/nvcr.io/nvidia/k8s' },
    });
  });
});

function typeAt(tree: KeyTree, path: string): string | KeyTree | undefined {
  let at: string | KeyTree | undefined = tree;
  for (const key of path.split('.')) {
    if (typeof at !== 'object') return at; // below a free map
    at = at[key] ?? at['*'];
  }
  return at;
}
