import { exists, expectThat } from '../checks';
import { isGpuSize, poolsOfSameCluster, poolValue } from '../facets/node-pool';
import type { AttributeValue } from '../model/attribute-value';
import { isObject } from '../model/json';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

/** The tag that once kept AKS from installing drivers; AKS stopped reading it in 2025. */
const RETIRED_TAG = 'SkipGPUDriverInstall';

export const gpuDriverStated: IRule = {
  id: 'MLP-GPU-002',
  title: 'one side installs the GPU driver',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster_node_pool'],
  why: 'Where AKS and the GPU operator both install drivers, or neither does, nodes come up without a working GPU.',
  fix: 'set gpu_driver: "None" with a GPU operator, "Install" without one and on A10 (driver of GpuNodePool)',
  check: (pool) => {
    const size = pool.value('vm_size');
    if (size.isUnresolved) return [Verdict.unknown(size)];
    if (!isGpuSize(size.text)) return [];
    const driver = pool.value('gpu_driver');
    const verdicts = [
      expectThat(driver, { finding: 'stated' }).is('Install', 'None'),
      expectThat(pool.value(`tags.${RETIRED_TAG}`), {
        finding: 'retired-tag',
        fix: 'drop the tag and set gpu_driver = "None"',
      }).isNotSet(),
    ];
    if (driver.literal === 'Install') return [...verdicts, ...driverOfOperator(pool, driver)];
    if (driver.literal !== 'None') return verdicts;
    if (/_a10_v\d$/i.test(size.text)) {
      verdicts.push(
        Verdict.fail({
          value: driver,
          finding: 'grid',
          what: 'A10 needs the GRID driver, which AKS alone installs',
          allowed: 'Install',
        }),
      );
    }
    return [...verdicts, operatorExists(pool, driver), ...oneNodeOs(pool)];
  },
};

/** An operator whose driver is not switched off installs a second one over that of AKS. */
function driverOfOperator(pool: ResourceModel, driver: AttributeValue): Verdict[] {
  const operators = pool.stack.inEnvironment('helm_release').filter((release) => release.value('chart').text === 'gpu-operator');
  return operators.map((operator) => {
    const values = operator.value('values');
    if (values.strings.some(switchesDriverOff)) return Verdict.pass();
    return values.holdsUnresolved
      ? Verdict.unknown(driver, 'two-drivers')
      : Verdict.fail({
          value: driver,
          finding: 'two-drivers',
          what: `${operator.address} installs a driver too`,
          allowed: '"None", or driver.enabled = false in the values of the operator',
        });
  });
}

/** Values of the chart, in JSON as CDKTF writes them or in YAML. */
function switchesDriverOff(values: string): boolean {
  try {
    const parsed: unknown = JSON.parse(values);
    return isObject(parsed) && isObject(parsed.driver) && parsed.driver.enabled === false;
  } catch {
    return /(?:^|\n)driver:\s*\n(?:[ ]+.*\n|\s*\n)*?[ ]{2}enabled:\s*false/.test(values);
  }
}

function operatorExists(pool: ResourceModel, driver: AttributeValue): Verdict {
  const releases = pool.stack.inEnvironment('helm_release');
  // Add-ons of another app: nobody here can tell.
  if (releases.length === 0) return Verdict.unknown(driver, 'operator');
  const operators = releases.filter((release) => /gpu-operator|nvidia-device-plugin/.test(release.value('chart').text));
  return exists(
    operators.map((release) => release.address),
    'helm_release of gpu-operator',
    {
      finding: 'operator',
      what: 'no release installs the driver that gpu_driver = "None" leaves out',
      fix: 'add GpuOperator to the add-ons stack, or set gpu_driver = "Install"',
    },
  );
}

/** The operator builds its driver for one OS version. */
function oneNodeOs(pool: ResourceModel): Verdict[] {
  const own = pool.value('os_sku');
  const skus = new Set(
    poolsOfSameCluster(pool)
      .map((other) => poolValue(other, 'os_sku').literal)
      .filter((sku) => sku !== undefined),
  );
  return skus.size < 2
    ? []
    : [
        Verdict.fail({
          value: own,
          finding: 'node-os',
          what: 'the GPU operator supports one OS version a cluster',
          allowed: 'one os_sku on all pools',
          fix: 'give all pools the same os_sku (nodeOs of MlCluster)',
        }),
      ];
}
