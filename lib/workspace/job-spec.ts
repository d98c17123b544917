import { Fn, TerraformAsset, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';

/** What each job has. */
export interface JobSpecOptions {
  /** Compute by ARM id, e.g. `cluster.computeId`. @default - serverless */
  readonly computeId?: string;
  /** Experiment that runs are listed under. @default "Default" */
  readonly experimentName?: string;
  readonly displayName?: string;
  /** Client id of the managed identity that the job acts as. @default - that of its compute */
  readonly identityClientId?: string;
}

export interface CommandJobOptions extends JobSpecOptions {
  /** e.g. "python train.py --data ${{inputs.data}}". */
  readonly command: string;
  /** ARM id of an environment version, e.g. `environment.environmentId`. */
  readonly environmentId: string;
  /** ARM id of a code version. @default - none: the image has the code */
  readonly codeId?: string;
  readonly environmentVariables?: { [key: string]: string };
  /** Folders by name, as URIs, e.g. { data: datastore.uri("fraud") }. @default - none */
  readonly inputFolders?: { [name: string]: string };
  /** Plain values by name, e.g. { epochs: "10" }. @default - none */
  readonly parameters?: { [name: string]: string };
  /** Folders that the job writes, as URIs by name. @default - none */
  readonly outputFolders?: { [name: string]: string };
  /** Machines that the job spreads over. @default 1 */
  readonly instances?: number;
  /** Processes on each machine, for PyTorch. @default - not distributed */
  readonly pyTorchProcesses?: number;
  /** Minutes after which the job is ended. @default - never */
  readonly timeoutMinutes?: number;
}

/** A job that a schedule starts. */
export class JobSpec {
  /** A command in an environment. */
  public static command(options: CommandJobOptions): JobSpec {
    return new JobSpec({
      jobType: 'Command',
      ...common(options),
      command: options.command,
      environmentId: options.environmentId,
      codeId: options.codeId,
      environmentVariables: options.environmentVariables,
      inputs: {
        ...mapped(options.inputFolders, (uri) => ({ jobInputType: 'uri_folder', uri, mode: 'ReadOnlyMount' })),
        ...mapped(options.parameters, (value) => ({ jobInputType: 'literal', value })),
      },
      outputs: mapped(options.outputFolders, (uri) => ({ jobOutputType: 'uri_folder', uri, mode: 'ReadWriteMount' })),
      resources: { instanceCount: options.instances ?? 1 },
      distribution:
        options.pyTorchProcesses === undefined
          ? undefined
          : { distributionType: 'PyTorch', processCountPerInstance: options.pyTorchProcesses },
      limits:
        options.timeoutMinutes === undefined ? undefined : { jobLimitsType: 'Command', timeout: `PT${options.timeoutMinutes}M` },
    });
  }

  /**
   * A pipeline that was registered as a component.
   * @param componentId ARM id, e.g. `component.componentId`
   */
  public static pipelineComponent(componentId: string, options: JobSpecOptions = {}): JobSpec {
    return new JobSpec({ jobType: 'Pipeline', componentId, ...common(options) });
  }

  /**
   * A job as ARM has it, with its `jobType`.
   * @throws when jobType is missing
   */
  public static of(definition: { [key: string]: unknown }): JobSpec {
    if (typeof definition.jobType === 'string') return new JobSpec(definition);
    throw new ConfigurationError('JobSpec.of', {
      what: 'the definition of the job has no jobType',
      got: Object.keys(definition).join(', ') || 'an empty object',
      allowed:
        'the properties of Microsoft.MachineLearningServices/workspaces/jobs, e.g. { jobType: "Command", command, environmentId }',
      fix: 'add jobType: Command, Pipeline, Spark, Sweep or AutoML',
    });
  }

  /**
   * A job in a YAML or JSON file, in the words of ARM (camelCase). Terraform reads the file, so a change of it is a change of the
   * schedule.
   * @param path of the file, from the folder in which synth runs
   */
  public static fromYamlFile(scope: Construct, id: string, path: string): JobSpec {
    const asset = new TerraformAsset(scope, id, { path });
    return new JobSpec(Token.asAny(Fn.yamldecode(Fn.file(asset.path))) as unknown as { [key: string]: unknown });
  }

  private constructor(
    /** As ARM has it. */
    public readonly definition: { [key: string]: unknown },
  ) {}
}

function common(options: JobSpecOptions): { [key: string]: unknown } {
  return {
    computeId: options.computeId,
    experimentName: options.experimentName ?? 'Default',
    displayName: options.displayName,
    identity:
      options.identityClientId === undefined ? undefined : { identityType: 'Managed', clientId: options.identityClientId },
  };
}

function mapped<T>(values: { [name: string]: string } | undefined, to: (value: string) => T): { [name: string]: T } {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, to(value)]));
}
