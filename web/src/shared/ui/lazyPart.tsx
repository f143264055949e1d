import { lazy, type ReactNode } from "react";
import { PartMissingError } from "@/shared/api/errors";
import { patiently } from "@/shared/api/patiently";

type Component<Props> = (props: Props) => ReactNode;
type Module<Name extends string, Props> = Readonly<Record<Name, Component<Props>>>;

interface LazyPart<Props> extends Component<Props> {
  /** Fetches it before it is drawn. What fails is tried again when it is drawn. */
  readonly preload: () => Promise<void>;
}

/**
 * A component of a module that is fetched when it is first drawn, as with React's `lazy`. While the Hub is away that
 * waits. Unlike React's it can be fetched again after it failed, which `ErrorBoundary` does.
 */
export function lazyPart<Name extends string, Props extends object>(
  load: () => Promise<Module<Name, Props>>,
  name: Name,
): LazyPart<Props> {
  let here: Component<Props> | undefined;
  let loading: Promise<{ default: Component<Props> }> | undefined;
  const loaded = () =>
    (loading ??= patiently(load).then(
      (module) => ({ default: (here = module[name]) }),
      (cause: unknown) => {
        throw new PartMissingError(forget, cause);
      },
    ));
  let part = lazy(loaded);
  const forget = () => {
    loading = undefined;
    part = lazy(loaded);
  };
  function Lazy(props: Props) {
    // What is here is drawn at once. React's own would wait a moment, and what stands there meanwhile stays for 0.3 s.
    const Part: Component<Props> = here ?? part;
    return <Part {...props} />;
  }
  return Object.assign(Lazy, { preload: () => loaded().then(() => undefined, forget) });
}
