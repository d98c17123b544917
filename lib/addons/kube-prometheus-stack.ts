import { Annotations } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface KubePrometheusStackProps extends AddonProps {
  /** Days that metrics are kept. @default 15 */
  readonly retentionDays?: number;
  /** GiB of disk for each Prometheus. @default 100 */
  readonly storageGib?: number;
  /** @default "managed-csi-premium" */
  readonly storageClass?: string;
  /**
   * Secret with the key `alertmanager.yaml`: who hears of alerts. Make it with ExternalSecrets. While it is missing, alerts are seen in
   * Alertmanager and sent to nobody.
   * @default - nobody hears of alerts, and synth warns
   */
  readonly receiversSecret?: string;
  /** Grafana in the cluster. Azure's managed one needs no password. @default false */
  readonly grafana?: boolean;
  /** Secret with Grafana's admin-user and admin-password; without it the chart's password is public knowledge. */
  readonly grafanaAdminSecret?: string;
}

/** Prometheus, Alertmanager and their operator in the cluster: the other choice beside Azure's managed Prometheus. */
export class KubePrometheusStack extends HelmAddon {
  constructor(scope: Construct, id: string, props: KubePrometheusStackProps) {
    const grafana = props.grafana ?? false;
    if (grafana && !props.grafanaAdminSecret) {
      throw new ConfigurationError(`${scope.node.path}/${id}`, {
        what: 'Grafana would start with the password that the chart prints in its documentation',
        got: 'grafana: true without grafanaAdminSecret',
        allowed: 'the name of a Secret with admin-user and admin-password',
        fix: 'make one with ExternalSecrets and name it in grafanaAdminSecret',
      });
    }
    super(scope, id, {
      ...props,
      addonName: 'kube-prometheus-stack',
      namespace: props.namespace ?? 'monitoring',
      podSecurity: PodSecurity.PRIVILEGED, // the node exporter reads the host
      releases: [
        {
          id: 'Default',
          releaseName: 'kube-prometheus-stack',
          chart: HelmChart.pinned('kube-prometheus-stack', props.chartVersion),
          values: values(props, grafana),
          userValues: props.values,
          timeoutSeconds: 900,
        },
      ],
    });
    if (props.receiversSecret === undefined) {
      Annotations.of(this).addWarning(
        `${this.node.path}: nobody hears of alerts; name a Secret with receivers in receiversSecret`,
      );
    }
  }
}

function values(props: KubePrometheusStackProps, grafana: boolean): { [key: string]: unknown } {
  const { controllerReplicas: replicas } = props.platform.environment.profile;
  const disk = (gib: number) => ({
    volumeClaimTemplate: {
      spec: {
        storageClassName: props.storageClass ?? 'managed-csi-premium',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: `${gib}Gi` } },
      },
    },
  });
  const off = { enabled: false };
  return {
    // AKS runs these where nobody can scrape them.
    kubeControllerManager: off,
    kubeScheduler: off,
    kubeEtcd: off,
    kubeProxy: off,
    prometheus: {
      prometheusSpec: {
        replicas,
        retention: `${props.retentionDays ?? 15}d`,
        storageSpec: disk(props.storageGib ?? 100),
        // Monitors of all add-ons and tenants, not only of this release.
        serviceMonitorSelectorNilUsesHelmValues: false,
        podMonitorSelectorNilUsesHelmValues: false,
        ruleSelectorNilUsesHelmValues: false,
        probeSelectorNilUsesHelmValues: false,
        scrapeConfigSelectorNilUsesHelmValues: false,
      },
    },
    // AKS adds a selector to every webhook, which the operator's Job takes away again: opted out, they do not fight.
    prometheusOperator: {
      admissionWebhooks: {
        mutatingWebhookConfiguration: { annotations: { 'admissions.enforcer/disabled': 'true' } },
        validatingWebhookConfiguration: { annotations: { 'admissions.enforcer/disabled': 'true' } },
      },
    },
    alertmanager: {
      alertmanagerSpec: {
        replicas,
        storage: disk(10),
        ...(props.receiversSecret === undefined ? {} : { useExistingSecret: true, configSecret: props.receiversSecret }),
      },
    },
    grafana: grafana
      ? { enabled: true, admin: { existingSecret: props.grafanaAdminSecret }, sidecar: { dashboards: { enabled: true } } }
      : off,
  };
}
