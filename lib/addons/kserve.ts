import { Annotations } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { modelServers } from './kserve-runtimes';
import { PodSecurity } from './pod-security';
import { mergeValues } from './values';

/** How KServe runs models; which one stands in the platform's contract (`serving.deploymentMode`). */
export enum KServeMode {
  /** As Deployments behind the Gateway API. */
  STANDARD = 'Standard',
  /** As Knative services: scale to zero and canaries by revision. Needs the add-on `Knative`. */
  KNATIVE = 'Knative',
}

export interface KServeProps extends AddonProps {
  /**
   * Lets KServe publish every model at the gateway itself. Its routes check no token; those of `InferenceService` do.
   * @default false
   */
  readonly ownRoutes?: boolean;
  /** Domain under which models are reached: <model>-<namespace>.<domain>. @default - the gateway's in the contract, else "<project>-<stage>.internal" */
  readonly domain?: string;
  /** Gateway for models, "<namespace>/<name>". @default - the contract's, else "<namespace>/kserve-ingress-gateway" */
  readonly gateway?: string;
  /**
   * Models that come with a runtime of KServe need no runtime of their own. In prod only runtimes whose image is known by its digest
   * are offered; an `ImageLock` brings the others.
   * @default true
   */
  readonly servingRuntimes?: boolean;
  /** Values of the chart with the runtimes (kserve-runtime-configs). @default - none */
  readonly runtimeValues?: { [key: string]: unknown };
  /**
   * The controller for LLMInferenceService, with the Gateway API Inference Extension. Its routes need `EnvoyAiGateway`, or `Istio` with
   * `inferenceExtension`; models over several nodes also `LeaderWorkerSet`. @default false
   */
  readonly llm?: boolean;
}

/** KServe: serves models from storage, with runtimes for the common formats. */
export class KServe extends HelmAddon {
  /** The gateway for models, "<namespace>/<name>". */
  public readonly gateway: string;
  /** Domain under which models are reached. */
  public readonly domain: string;

  /** @throws when the gateway is malformed, or in prod a model server is turned on whose image has no digest */
  constructor(scope: Construct, id: string, props: KServeProps) {
    const path = `${scope.node.path}/${id}`;
    const { serving } = props.platform.attributes;
    const namespace = props.namespace ?? serving.namespace;
    const domain = props.domain ?? serving.gateway?.domain ?? `${props.platform.environment.environmentName}.internal`;
    const promised = serving.gateway && `${serving.gateway.namespace}/${serving.gateway.name}`;
    const gateway = props.gateway ?? promised ?? `${namespace}/kserve-ingress-gateway`;
    checkGateway(path, gateway);
    // Models carry their mode and cannot change it: what the contract promises is what is installed.
    const mode = serving.deploymentMode;
    const standard = mode === KServeMode.STANDARD;
    const servers =
      props.servingRuntimes === false ? undefined : modelServers(scope, id, props.platform, props.runtimeValues ?? {});
    const chart = (name: string) => HelmChart.pinned(name, props.chartVersion);
    super(scope, id, {
      ...props,
      addonName: 'kserve',
      namespace,
      podSecurity: PodSecurity.BASELINE,
      requires: standard ? [] : ['knative'],
      ...(props.llm ? { requiresOneOf: ['envoy-ai-gateway', 'istio'] } : {}),
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
                  disableIngressCreation: !(props.ownRoutes ?? false),
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
                // The CRD InferencePool stands already where a gateway needs it.
                takeOwnership: true,
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
        ...(!servers
          ? []
          : [
              {
                id: 'RuntimeConfigs',
                releaseName: 'kserve-runtime-configs',
                chart: chart('kserve-runtime-configs'),
                values: mergeValues(servers.values, { kserve: { llmisvcConfigs: { enabled: props.llm ?? false } } }),
                userValues: props.runtimeValues,
              },
            ]),
      ],
    });
    this.gateway = gateway;
    this.domain = domain;
    if (servers && servers.withoutDigest.length > 0) {
      Annotations.of(this).addInfo(
        `${path}: not offered in prod, for their images have no digest: ${servers.withoutDigest.join(', ')}. \`ml-platform images lock\` finds the digests.`,
      );
    }
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
