import { ConfigurationError } from '../core/configuration-error';

/** Data as a folder of a pod. */
export class DatasetVolume {
  /**
   * A PersistentVolumeClaim of the namespace, e.g. that of a BlobDataset.
   * @param mountPath folder in the pod, e.g. "/data"
   * @param writable whether pods write to it, e.g. checkpoints
   */
  public static claim(claimName: string, mountPath: string, writable = false): DatasetVolume {
    return new DatasetVolume(claimName, mountPath, writable);
  }

  private constructor(
    public readonly claimName: string,
    public readonly mountPath: string,
    public readonly writable: boolean,
  ) {
    if (/^\/[\w./-]*\w$/.test(mountPath) && !['/tmp', '/dev/shm'].includes(mountPath)) return;
    throw new ConfigurationError('DatasetVolume.claim', {
      what: 'mountPath is not valid',
      got: JSON.stringify(mountPath),
      allowed: 'an absolute path other than /tmp and /dev/shm',
      fix: 'e.g. "/data"',
    });
  }

  /** Name inside the pod. @internal */
  public get _name(): string {
    return `data${this.mountPath.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.slice(0, 63).replace(/-+$/, '');
  }

  /** @internal */
  public _volume(): { [key: string]: unknown } {
    return { name: this._name, persistentVolumeClaim: { claimName: this.claimName, readOnly: !this.writable } };
  }

  /** @internal */
  public _mount(): { [key: string]: unknown } {
    return { name: this._name, mountPath: this.mountPath, readOnly: !this.writable };
  }
}
