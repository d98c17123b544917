import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/** How KServe runs models. */
export enum KServeMode {
  /** As Deployments behind the Gateway API. */
  STANDARD = 'Standard',
  /** As Knative services: scale to zero and canaries by revision. Needs the add-on `Knative`. */
  KNATIVE = 'Knative',
}

export interface KServeProps extends AddonProps {
  /** A model's mode cannot change later. @default KServeMode.STANDARD */
  readonly mode?: KServeMode;
  /** Domain under which models are reached: <model>-<namespace>.<domain>. @default "<project>-<stage>.internal" */
  readonly domain?: string;
  /** Gateway for models, "<namespace>/<name>". @default "kserve/kserve-ingress-gateway" */
  readonly gateway?: string;
  /** Models that come with a runtime of KServe need no runtime of their own. @default true */
  readonly servingRuntimes?: boolean;
  /** Values of the chart with the runtimes (kserve-runtime-configs). @default - none */
  readonly runtimeValues?: { [key: string]: unknown };
  /** The controller for LLMInferenceService; models over several nodes also need `LeaderWorkerSet`. @default false */
  readonly llm?: boolean;
}

/** KServe: serves models from storage, with runtimes for the common formats. */
export class KServe extends HelmAddon {
  /** The gateway for models, "<namespace>/<name>". */
  public readonly gateway: string;
  /** Domain under which models are reached. */
  public readonly domain: string;

  constructor(scope: Construct, id: string, props: KServeProps) {
    const path = `${scope.node.path}/${id}`;
    const namespace = props.namespace ?? 'kserve';
    const domain = props.domain ?? `${props.platform.environment.environmentName}.internal`;
    const gateway = props.gateway ?? `${namespace}/kserve-ingress-gateway`;
    checkGateway(path, gateway);
    const chart = (name: string) => HelmChart.pinned(name, props.chartVersion);
    const mode = props.mode ?? KServeMode.STANDARD;
    const standard = mode === KServeMode.STANDARD;
    super(scope, id, {
      ...props,
      addonName: 'kserve',
      namespace,
      podSecurity: PodSecurity.BASELINE,
      requires: standard ? [] : ['knative'],
      releases: [
        { id: 'Crds', releaseName: 'kserve-crd', chart: chart('kserve-crd') },
        ...(props.llm ? [{ id: 'LlmCrds', releaseName: 'kserve-llmisvc-crd', chart: chart('kserve-llmisvc-crd-minimal') }] : []),
        {
          id: 'Default',
          releaseName: 'kserve',
          chart: chart('kserve-resources'),
          values: {
            kserve: {
              controller: {
                gateway: {
                  domain,
                  urlScheme: 'https',
                  ...(standard ? { ingressGateway: { enableGatewayApi: true, kserveGateway: gateway } } : {}),
                },
                // The chart's 300 MiB do not last.
                resources: { requests: { cpu: '100m', memory: '300Mi' }, limits: { cpu: '500m', memory: '1Gi' } },
              },
              // Large models are fetched by an init container, which is killed at the chart's 1 GiB.
              storage: { resources: { limits: { memory: '4Gi', cpu: '2' } } },
            },
          },
          userValues: props.values,
          webhookProbe: {
            resource: 'clusterservingruntimes',
            object: {
              apiVersion: 'serving.kserve.io/v1alpha1',
              kind: 'ClusterServingRuntime',
              metadata: { name: 'probe' },
              spec: { containers: [{ name: 'kserve-container', image: 'probe' }] },
            },
          },
          fixedValues: {
            kserve: {
              controller: {
                // Knative's mode without Knative is refused for good; models carry the mode and cannot change it.
                deploymentMode: mode,
                // The chart's own gateway would be open: plain HTTP, for all namespaces.
                gateway: { ingressGateway: { createGateway: false } },
              },
            },
          },
        },
        ...(props.llm
          ? [
              {
                id: 'Llm',
                releaseName: 'kserve-llmisvc',
                chart: chart('kserve-llmisvc-resources'),
                values: {
                  kserve: {
                    // The first release made what both share.
                    createSharedResources: false,
                    llmisvc: { controller: { replicas: props.platform.environment.profile.controllerReplicas } },
                  },
                },
              },
            ]
          : []),
        ...(props.servingRuntimes === false
          ? []
          : [
              {
                id: 'RuntimeConfigs',
                releaseName: 'kserve-runtime-configs',
                chart: chart('kserve-runtime-configs'),
                values: { kserve: { servingruntime: { enabled: true }, llmisvcConfigs: { enabled: props.llm ?? false } } },
                userValues: props.runtimeValues,
              },
            ]),
      ],
    });
    this.gateway = gateway;
    this.domain = domain;
  }
}

function checkGateway(path: string, gateway: string): void {
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?\/[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(gateway)) return;
  throw new ConfigurationError(path, {
    what: 'gateway is not valid',
    got: JSON.stringify(gateway),
    allowed: '<namespace>/<name>',
    fix: 'e.g. "gateways/models"',
  });
}
