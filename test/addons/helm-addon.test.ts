import { describe, expect, test } from 'vitest';
import { CertManager, EnvoyGateway, GpuOperator, HelmAddon, HelmChart, KServe, PodSecurity } from '../../lib/addons';
import { synth, synthesized, testStack } from '../helpers/synth';
import { testPlatform } from './platform';

function chartOf(version = '1.2.3'): HelmChart {
  return HelmChart.of('https://charts.contoso.example', 'own', version);
}

describe('HelmAddon', () => {
  test('installs one pinned version into a namespace whose pods are limited', () => {
    const stack = testStack();
    new HelmAddon(stack, 'Own', {
      platform: testPlatform(stack),
      addonName: 'own',
      namespace: 'own',
      podSecurity: PodSecurity.BASELINE,
      releases: [{ id: 'Default', releaseName: 'own', chart: chartOf(), values: { a: 1 } }],
    });
    expect(synthesized(stack, 'helm_release.Own')).toMatchObject({
      repository: 'https://charts.contoso.example',
      version: '1.2.3',
      namespace: 'own',
      create_namespace: false,
      max_history: 5,
      wait: true,
      values: ['{\n  "a": 1\n}'],
      depends_on: ['kubernetes_namespace_v1.Namespace-own'],
    });
    expect(synthesized(stack, 'kubernetes_namespace_v1.Namespace-own')).toMatchObject({
      metadata: {
        labels: { 'pod-security.kubernetes.io/enforce': 'baseline', 'pod-security.kubernetes.io/warn': 'restricted' },
      },
    });
  });

  test('puts add-ons into their order, however they are declared', () => {
    const stack = testStack();
    const platform = testPlatform(stack);
    new KServe(stack, 'KServe', { platform });
    new CertManager(stack, 'CertManager', { platform });
    new EnvoyGateway(stack, 'EnvoyGateway', { platform });
    new GpuOperator(stack, 'GpuOperator', { platform });
    const { helm_release: releases = {} } = synth(stack, true).resource ?? {};
    const crds = Object.values(releases).find((release) => release.name === 'kserve-crd');
    expect(crds?.depends_on).toEqual(expect.arrayContaining(['helm_release.CertManager', 'helm_release.EnvoyGateway']));
    expect(releases.KServe?.depends_on).toEqual([expect.stringContaining('KServe_Crds')]);
    expect(releases.CertManager?.depends_on).toContain('helm_release.EnvoyGateway');
  });

  test('names what an add-on needs and does not find', () => {
    const stack = testStack();
    new KServe(stack, 'KServe', { platform: testPlatform(stack), providedElsewhere: ['gpu-operator'] });
    expect(() => synth(stack, true)).toThrow(/kserve needs cert-manager.*needs one of envoy-gateway, istio/s);
  });
});

describe('HelmChart', () => {
  test.each([['1.x'], ['~1.2'], ['latest']])('refuses the range %s', (version) => {
    expect(() => chartOf(version)).toThrow(/version is not exact/);
  });

  test('refuses an address that is not encrypted', () => {
    expect(() => HelmChart.of('http://charts.contoso.example', 'own', '1.2.3')).toThrow(/repository is not allowed/);
  });

  test('names the nearest pinned chart', () => {
    expect(() => HelmChart.pinned('certmanager')).toThrow(/cert-manager/);
  });
});
