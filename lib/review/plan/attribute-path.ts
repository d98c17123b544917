import type { Masker } from '../masking/masker';
import { isSecretName } from '../masking/secret-names';

/**
 * A place in the attributes of resources, such as "tags.owner". Each is made once, however many resources have it: a plan repeats a
 * few hundred places many thousand times.
 */
export class AttributePath {
  /** The path of a resource itself. */
  public static root(masker: Masker): AttributePath {
    return new AttributePath('', false, masker);
  }

  /** As it is shown: a key of a map may be a secret. */
  public readonly shown: string;
  private readonly members = new Map<string, AttributePath>();
  private readonly items = new Map<string | number, AttributePath>();

  private constructor(
    public readonly text: string,
    /** Whether the name of the attribute says that it is a credential. */
    public readonly isSecret: boolean,
    private readonly masker: Masker,
  ) {
    this.shown = masker.text(text);
  }

  public member(key: string): AttributePath {
    let found = this.members.get(key);
    if (!found) {
      found = new AttributePath(this.text === '' ? key : `${this.text}.${key}`, isSecretName(key), this.masker);
      this.members.set(key, found);
    }
    return found;
  }

  /** An item of a list, by what names it or by its index. */
  public item(name: string | number): AttributePath {
    let found = this.items.get(name);
    if (!found) {
      found = new AttributePath(`${this.text}[${name}]`, false, this.masker);
      this.items.set(name, found);
    }
    return found;
  }
}
